import { Menu, ScrollArea, Text } from '@mantine/core';
import { IconHistory } from '@tabler/icons-react';

import { IconButton } from '../../shared/components/IconButton';

interface Props {
  history: string[];
  onPick: (expr: string) => void;
  onClear: () => void;
}

export function HistoryMenu({ history, onPick, onClear }: Props) {
  return (
    <Menu position="bottom-end" shadow="md" width={440}>
      <Menu.Target>
        <IconButton label="History" icon={IconHistory} />
      </Menu.Target>
      <Menu.Dropdown maw="92vw">
        {history.length === 0 ? <Menu.Label>Expressions that you run appear here.</Menu.Label> : null}
        <ScrollArea.Autosize mah={320}>
          {history.map((expr) => (
            <Menu.Item key={expr} onClick={() => onPick(expr)}>
              <Text className="mono" lineClamp={2}>
                {expr}
              </Text>
            </Menu.Item>
          ))}
        </ScrollArea.Autosize>
        {history.length > 0 ? (
          <>
            <Menu.Divider />
            <Menu.Item c="dimmed" onClick={onClear}>
              Clear the history of this browser
            </Menu.Item>
          </>
        ) : null}
      </Menu.Dropdown>
    </Menu>
  );
}
