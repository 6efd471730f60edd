import {
  Button,
  Divider,
  Group,
  Popover,
  ScrollArea,
  Stack,
  Text,
  TextInput,
  UnstyledButton,
} from '@mantine/core';
import { IconChevronDown, IconClock, IconZoomOut } from '@tabler/icons-react';
import { useState } from 'react';

import { IconButton } from '../components/IconButton';
import { formatDateTime } from './formatTime';
import { describeRange, quickRanges } from './quickRanges';
import { resolveTime } from './timeExpression';
import classes from './TimeRangePicker.module.css';
import type { TimeRange } from './useTimeRange';

export function TimeRangePicker({ range }: { range: TimeRange }) {
  const [opened, setOpened] = useState(false);
  const shown = describeRange(range.from, range.to, formatDateTime);
  const choose = (from: string, to: string) => {
    range.setRange(from, to);
    setOpened(false);
  };
  return (
    <Group gap={4} wrap="nowrap">
      <Popover opened={opened} onChange={setOpened} position="bottom-end" shadow="md" trapFocus>
        <Popover.Target>
          <Button
            variant="default"
            size="xs"
            leftSection={<IconClock size={14} />}
            rightSection={<IconChevronDown size={14} />}
            onClick={() => setOpened((open) => !open)}
            aria-label={`Time range: ${shown}`}
          >
            {shown}
          </Button>
        </Popover.Target>
        <Popover.Dropdown p={0}>
          <div className={classes.panel}>
            <AbsoluteRange key={`${range.from}/${range.to}`} range={range} onApply={choose} />
            <Divider orientation="vertical" className={classes.divider} />
            <ScrollArea.Autosize mah={330} className={classes.quick}>
              {quickRanges.map((quick) => (
                <UnstyledButton
                  key={quick.label}
                  className={classes.option}
                  data-active={(quick.from === range.from && quick.to === range.to) || undefined}
                  onClick={() => choose(quick.from, quick.to)}
                >
                  {quick.label}
                </UnstyledButton>
              ))}
            </ScrollArea.Autosize>
          </div>
        </Popover.Dropdown>
      </Popover>
      <IconButton label="Zoom out" icon={IconZoomOut} onClick={range.zoomOut} visibleFrom="sm" />
    </Group>
  );
}

interface AbsoluteProps {
  range: TimeRange;
  onApply: (from: string, to: string) => void;
}

function AbsoluteRange({ range, onApply }: AbsoluteProps) {
  const show = (text: string) => (/^\d{10,}$/.test(text) ? formatDateTime(Number(text)) : text);
  const [from, setFrom] = useState(show(range.from));
  const [to, setTo] = useState(show(range.to));
  const [nowMs] = useState(() => Date.now());
  const fromMs = resolveTime(from, nowMs);
  const toMs = resolveTime(to, nowMs, true);
  const hint = 'A date such as 2026-03-18 14:30, or now-6h';
  const inOrder = fromMs === null || toMs === null || fromMs < toMs;
  const valid = fromMs !== null && toMs !== null && inOrder;
  const stored = (text: string, ms: number) => (text.trim().startsWith('now') ? text.trim() : String(ms));
  return (
    <form
      className={classes.absolute}
      onSubmit={(event) => {
        event.preventDefault();
        if (valid) {
          onApply(stored(from, fromMs), stored(to, toMs));
        }
      }}
    >
      <Stack gap="xs">
        <Text fw={600}>Absolute time range</Text>
        <TextInput
          label="From"
          value={from}
          data-autofocus
          error={fromMs === null ? hint : undefined}
          onChange={(event) => setFrom(event.currentTarget.value)}
        />
        <TextInput
          label="To"
          value={to}
          error={toMs === null ? hint : inOrder ? undefined : 'The end lies before the start'}
          onChange={(event) => setTo(event.currentTarget.value)}
        />
        <Button type="submit" size="xs" disabled={!valid}>
          Apply range
        </Button>
        <Text size="xs" c="dimmed">
          Times are in your browser&apos;s time zone, {Intl.DateTimeFormat().resolvedOptions().timeZone}.
        </Text>
      </Stack>
    </form>
  );
}
