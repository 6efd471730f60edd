import { Table, UnstyledButton } from '@mantine/core';

import { healthWords, msText, percentText, rateText } from './mapTexts';
import { nameOf, type ServiceGraph } from './serviceGraph';
import classes from './ServiceMapPage.module.css';

/** The map in words: every way between two services, the worst first. */
export function CallTable({ graph, onChoose }: { graph: ServiceGraph; onChoose: (id: string) => void }) {
  const calls = [...graph.calls].sort((a, b) => b.errorPercent - a.errorPercent || b.rate - a.rate);
  return (
    <Table.ScrollContainer minWidth={640}>
      <Table aria-label="Calls" className={classes.table} highlightOnHover>
        <Table.Thead>
          <Table.Tr>
            {['From', 'To', 'Protocol', 'Health', 'Requests', 'Errors', 'p50', 'p95', 'p99'].map((title) => (
              <Table.Th key={title}>{title}</Table.Th>
            ))}
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {calls.map((call) => (
            <Table.Tr key={call.id}>
              <Table.Td>{nameOf(graph, call.source)}</Table.Td>
              <Table.Td>
                <UnstyledButton className="link" fz="sm" onClick={() => onChoose(call.id)}>
                  {nameOf(graph, call.target)}
                </UnstyledButton>
              </Table.Td>
              <Table.Td>{call.protocol}</Table.Td>
              <Table.Td>
                <i className={classes.health} data-health={call.health} />
                {healthWords[call.health]}
              </Table.Td>
              <Table.Td>{rateText(call.rate, call.protocol)}</Table.Td>
              <Table.Td>{percentText(call.errorPercent)}</Table.Td>
              <Table.Td>{msText(call.p50)}</Table.Td>
              <Table.Td>{msText(call.p95)}</Table.Td>
              <Table.Td>{msText(call.p99)}</Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </Table.ScrollContainer>
  );
}
