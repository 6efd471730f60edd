import { Button, Menu } from '@mantine/core';
import { IconChevronDown, IconRefresh } from '@tabler/icons-react';

import { refreshIntervals } from './quickRanges';
import classes from './RefreshPicker.module.css';

interface Props {
  refresh: string;
  busy: boolean;
  onRefresh: () => void;
  onChange: (refresh: string) => void;
}

/** Refresh now, and how often to do it without being asked. */
export function RefreshPicker({ refresh, busy, onRefresh, onChange }: Props) {
  return (
    <Button.Group>
      <Button variant="default" size="xs" px={8} onClick={onRefresh} aria-label="Refresh now">
        <IconRefresh size={15} className={busy ? classes.busy : undefined} />
      </Button>
      <Menu position="bottom-end" shadow="md">
        <Menu.Target>
          <Button
            variant="default"
            size="xs"
            px={8}
            aria-label={`Auto refresh: ${refresh === '' ? 'Off' : refresh}`}
            rightSection={<IconChevronDown size={14} />}
          >
            {refresh === '' ? 'Off' : refresh}
          </Button>
        </Menu.Target>
        <Menu.Dropdown>
          <Menu.Label>Auto refresh</Menu.Label>
          <Menu.Item onClick={() => onChange('')} fw={refresh === '' ? 600 : undefined}>
            Off
          </Menu.Item>
          {refreshIntervals.map((interval) => (
            <Menu.Item
              key={interval}
              onClick={() => onChange(interval)}
              fw={refresh === interval ? 600 : undefined}
            >
              {interval}
            </Menu.Item>
          ))}
        </Menu.Dropdown>
      </Menu>
    </Button.Group>
  );
}
