import { Table, Text } from '@mantine/core';

import { useEffect, useRef } from 'react';

import { formatDateTime } from '../shared/time/formatTime';
import classes from './ChartTable.module.css';
import type { ChartConfig, ChartData } from './chartTypes';
import { formatValue } from './formatValue';

const rowLimit = 250;
const columnLimit = 20;

interface Props {
  data: ChartData;
  config: ChartConfig;
  label: string;
  onToggleTable: () => void;
}

/** The same values as the chart, newest first, for reading and for screen readers. */
export function ChartTable({ data, config, label, onToggleTable }: Props) {
  const region = useRef<HTMLDivElement>(null);
  // The chart that had the focus is gone; the table takes it, so that T also leads back.
  useEffect(() => region.current?.focus({ preventScroll: true }), []);
  const columns = data.series.slice(0, columnLimit);
  const rows = data.times.map((_, i) => data.times.length - 1 - i).slice(0, rowLimit);
  return (
    <div
      ref={region}
      role="region"
      aria-label={label}
      tabIndex={0}
      className={classes.region}
      onKeyDown={(event) => event.key.toLowerCase() === 't' && onToggleTable()}
    >
      <Table stickyHeader aria-label={label} fz="xs" className="tabular" verticalSpacing={3}>
        <Table.Thead>
          <Table.Tr>
            <Table.Th>Time</Table.Th>
            {columns.map((series, i) => (
              <Table.Th key={i}>{series.name}</Table.Th>
            ))}
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {rows.map((row) => (
            <Table.Tr key={row}>
              <Table.Td style={{ whiteSpace: 'nowrap' }}>{formatDateTime(data.times[row])}</Table.Td>
              {columns.map((series, i) => (
                <Table.Td key={i}>
                  {formatValue(
                    series.values[row],
                    series.unit ?? config.unit,
                    series.decimals ?? config.decimals,
                  )}
                </Table.Td>
              ))}
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
      {data.series.length > columnLimit || data.times.length > rowLimit ? (
        <Text size="xs" c="dimmed" p="xs">
          The table holds the newest {rowLimit} times of the first {columnLimit} series.
        </Text>
      ) : null}
    </div>
  );
}
