import { Table, Text } from '@mantine/core';

export function FactTable({ title, facts }: { title: string; facts: [string, string][] }) {
  return (
    <div className="surface">
      <Text fw={600} px="sm" py={8}>
        {title}
      </Text>
      <Table fz="sm">
        <Table.Tbody>
          {facts.map(([name, value]) => (
            <Table.Tr key={name}>
              <Table.Th fw={400} c="dimmed" w="45%" scope="row">
                {name}
              </Table.Th>
              <Table.Td className="wrap-anywhere tabular">{value}</Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </div>
  );
}
