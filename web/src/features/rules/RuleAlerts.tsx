import { Table } from '@mantine/core';

import type { RuleAlert } from '../../api/prometheus';
import { LabelChips } from '../../shared/components/LabelChips';
import { StateBadge } from '../../shared/components/StateBadge';
import { RelativeTime } from '../../shared/time/RelativeTime';

export function RuleAlerts({ alerts }: { alerts: RuleAlert[] }) {
  return (
    <Table.ScrollContainer type="native" minWidth={520} mt={8}>
      <Table fz="sm">
        <Table.Thead>
          <Table.Tr>
            <Table.Th w={100}>State</Table.Th>
            <Table.Th>Labels</Table.Th>
            <Table.Th w={110}>Since</Table.Th>
            <Table.Th w={110} ta="right">
              Value
            </Table.Th>
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {alerts.map((alert) => (
            <Table.Tr key={JSON.stringify(alert.labels)}>
              <Table.Td>
                <StateBadge tone={alert.state === 'firing' ? 'red' : 'amber'}>{alert.state}</StateBadge>
              </Table.Td>
              <Table.Td>
                <LabelChips labels={alert.labels} hide={['alertname']} />
              </Table.Td>
              <Table.Td>
                <RelativeTime at={alert.activeAt} size="sm" />
              </Table.Td>
              <Table.Td ta="right" className="tabular">
                {Number(alert.value)
                  .toPrecision(6)
                  .replace(/\.?0+$/, '')}
              </Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </Table.ScrollContainer>
  );
}
