import { Group, Kbd, Modal, Stack, Table, Text } from '@mantine/core';

import { pages } from './pages';

interface Props {
  opened: boolean;
  onClose: () => void;
}

const general: [string[], string][] = [
  [['Ctrl', 'K'], 'Command palette'],
  [['/'], 'Focus the search of the page'],
  [['?'], 'This list'],
  [['Esc'], 'Close, leave the panel view'],
];

const chart: [string[], string][] = [
  [['←', '→'], 'Move the cursor of a focused chart'],
  [['T'], 'Switch a focused chart to a table and back'],
  [['drag'], 'Zoom into a range'],
  [['double click'], 'Zoom out'],
];

const editor: [string[], string][] = [
  [['Enter'], 'Run the query'],
  [['Shift', 'Enter'], 'New line'],
  [['Ctrl', 'Space'], 'Complete'],
];

const logs: [string[], string][] = [
  [['↑', '↓'], 'Move through the lines of a focused list'],
  [['Enter'], 'Open or close a line'],
  [['c'], 'Copy the line'],
  [['x'], 'Lines around it'],
];

const traces: [string[], string][] = [
  [['w', 's'], 'Scroll through the spans'],
  [['b', 'f'], 'The span before, the next span'],
  [['a', 'd'], 'Earlier, later (Shift: further)'],
  [['↑', '↓'], 'Enlarge, make smaller; move where the spans have the focus'],
  [['[', ']'], 'Open all, close all'],
  [['o', 'p'], 'Open one level, close one level'],
  [['Enter'], 'Open or close the details of a span'],
  [['Ctrl', 'b'], 'Find in the trace'],
];

export function CheatSheet({ opened, onClose }: Props) {
  const chords = pages.map((page): [string[], string] => [['g', page.chord], page.title]);
  return (
    <Modal opened={opened} onClose={onClose} title="Keyboard shortcuts" size="lg">
      <Group align="flex-start" gap="xl" grow>
        <Stack gap="md">
          <Keys title="Everywhere" keys={general} />
          <Keys title="Query editor" keys={editor} />
          <Keys title="Charts" keys={chart} />
        </Stack>
        <Stack gap="md">
          <Keys title="Go to" keys={chords} />
          <Keys title="Log lines" keys={logs} />
          <Keys title="Traces" keys={traces} />
        </Stack>
      </Group>
    </Modal>
  );
}

function Keys({ title, keys }: { title: string; keys: [string[], string][] }) {
  return (
    <div>
      <Text fw={600} mb={4}>
        {title}
      </Text>
      <Table withRowBorders={false} verticalSpacing={3} horizontalSpacing={0}>
        <Table.Tbody>
          {keys.map(([strokes, meaning]) => (
            <Table.Tr key={meaning}>
              <Table.Td w={140}>
                <Group gap={4}>
                  {strokes.map((stroke) => (
                    <Kbd key={stroke} size="xs">
                      {stroke}
                    </Kbd>
                  ))}
                </Group>
              </Table.Td>
              <Table.Td>{meaning}</Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </div>
  );
}
