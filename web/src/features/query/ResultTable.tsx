import { Button, Group, Table, Text } from '@mantine/core';
import { useState } from 'react';

import type { Labels, MatrixResult, QueryResult, VectorResult } from '../../api/prometheus';
import { samplesText, valueText } from './sampleTexts';
import { SeriesLabel } from './SeriesLabel';

const pageSize = 500;

export function ResultTable({ data }: { data: QueryResult }) {
  const [limit, setLimit] = useState(pageSize);
  if (data.resultType === 'scalar' || data.resultType === 'string') {
    return (
      <Text className="mono" size="lg">
        {data.result[1]}
      </Text>
    );
  }
  const rows = tableRows(data);
  return (
    <>
      <Table.ScrollContainer type="native" minWidth={0} mah={560}>
        <Table highlightOnHover stickyHeader fz="sm" aria-label="Result">
          <Table.Thead>
            <Table.Tr>
              <Table.Th>Series</Table.Th>
              <Table.Th ta="right">Value</Table.Th>
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {rows.slice(0, limit).map((row, i) => (
              <Table.Tr key={i}>
                <Table.Td>
                  <SeriesLabel metric={row.metric} />
                </Table.Td>
                <Table.Td ta="right" className="mono tabular" style={{ whiteSpace: 'pre' }}>
                  {row.text()}
                </Table.Td>
              </Table.Tr>
            ))}
          </Table.Tbody>
        </Table>
      </Table.ScrollContainer>
      {rows.length > limit ? (
        <Group mt="xs" gap="xs">
          <Text size="xs" c="dimmed">
            Showing {limit} of {rows.length}
          </Text>
          <Button size="compact-xs" variant="default" onClick={() => setLimit(limit + pageSize)}>
            Show more
          </Button>
        </Group>
      ) : null}
    </>
  );
}

function tableRows(data: VectorResult | MatrixResult): { metric: Labels; text: () => string }[] {
  return data.resultType === 'vector'
    ? data.result.map((element) => ({ metric: element.metric, text: () => valueText(element) }))
    : data.result.map((element) => ({ metric: element.metric, text: () => samplesText(element) }));
}
