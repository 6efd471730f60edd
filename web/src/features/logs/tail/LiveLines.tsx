import { Button, Group, Loader, Text, Tooltip } from '@mantine/core';
import { IconEraser, IconPlayerPause, IconPlayerPlay } from '@tabler/icons-react';
import { useEffect, useState, useSyncExternalStore } from 'react';

import type { Direction } from '../../../api/loki';
import { StateBadge } from '../../../shared/components/StateBadge';
import { seriesName } from '../../query/seriesName';
import { LogList } from '../lines/LogList';
import classes from '../lines/LinesPanel.module.css';
import { nsOfMs } from '../entries/nanoseconds';
import { LogTail } from './logTail';

interface Props {
  query: string;
  direction: Direction;
  wrap: boolean;
  utc: boolean;
  streamLabels: string[];
  height: number;
}

const stateWords = {
  connecting: ['gray', 'connecting'],
  open: ['green', 'live'],
  retrying: ['amber', 'connection lost, trying again'],
} as const;

/** New lines as they arrive. Scrolling away pauses, so that nothing moves under the reader's eyes. */
export function LiveLines({ query, direction, wrap, utc, streamLabels, height }: Props) {
  const [tail] = useState(
    () => new LogTail(query, direction, nsOfMs(Date.now() - 60_000), new Set(streamLabels)),
  );
  const now = useSyncExternalStore(tail.subscribe, tail.snapshot);
  useEffect(() => {
    tail.start();
    return () => tail.stop();
  }, [tail]);
  const [tone, words] = now.paused ? (['amber', 'paused'] as const) : stateWords[now.state];
  const streams = [...new Set(now.dropped.map(({ labels }) => seriesName(labels)))];
  return (
    <>
      <Group gap="sm" px="sm" py={6} className={classes.toolbar}>
        <Button
          leftSection={now.paused ? <IconPlayerPlay size={14} /> : <IconPlayerPause size={14} />}
          variant={now.paused ? 'filled' : 'default'}
          onClick={() => tail.pause(!now.paused)}
        >
          {now.paused ? 'Go on' : 'Pause'}
        </Button>
        <Button variant="default" leftSection={<IconEraser size={14} />} onClick={() => tail.clear()}>
          Clear
        </Button>
        <StateBadge tone={tone}>{words}</StateBadge>
        <Text size="xs" c="dimmed" className="tabular" role="status">
          {now.entries.length.toLocaleString('en-US')} lines
          {now.paused ? ` · ${now.waiting.toLocaleString('en-US')} wait` : ''}
          {now.forgotten ? ' · the oldest were let go' : ''}
        </Text>
        {now.droppedCount > 0 ? (
          <Tooltip label={`The newest of: ${streams.slice(0, 5).join(', ')}`}>
            <Text size="xs" c="var(--ph-red-text)" tabIndex={0} role="note">
              {now.droppedCount.toLocaleString('en-US')} lines dropped: they came faster than they could be
              sent
            </Text>
          </Tooltip>
        ) : null}
      </Group>
      <div style={{ height }}>
        <LogList
          entries={now.entries}
          query={query}
          wrap={wrap}
          utc={utc}
          follow={now.paused ? undefined : direction === 'backward' ? 'top' : 'end'}
          onLeave={() => tail.pause(true)}
          footer={
            now.entries.length === 0 ? (
              <Group justify="center" gap="xs" py="lg">
                <Loader size={14} /> Waiting for new lines
              </Group>
            ) : undefined
          }
        />
      </div>
    </>
  );
}
