import { Menu } from '@mantine/core';
import { IconDownload } from '@tabler/icons-react';

import { IconButton } from '../../../shared/components/IconButton';
import { downloadText, jsonLines, plainLines } from '../entries/download';
import type { LogEntry } from '../entries/entries';

/** Saves the lines that the list holds. */
export function DownloadMenu({ entries }: { entries: LogEntry[] }) {
  return (
    <Menu position="bottom-end" shadow="md">
      <Menu.Target>
        <IconButton size={24} label="Download these lines" icon={IconDownload} />
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Label>{entries.length.toLocaleString('en-US')} lines, those that are loaded</Menu.Label>
        <Menu.Item onClick={() => downloadText('logs.txt', 'text/plain', plainLines(entries))}>
          Text
        </Menu.Item>
        <Menu.Item onClick={() => downloadText('logs.jsonl', 'application/x-ndjson', jsonLines(entries))}>
          JSON lines, with labels and metadata
        </Menu.Item>
      </Menu.Dropdown>
    </Menu>
  );
}
