import { ScrollArea, Table, UnstyledButton, useComputedColorScheme } from '@mantine/core';
import { IconArrowDown, IconArrowUp } from '@tabler/icons-react';
import { useMemo, useState } from 'react';

import type { CellValue, TableFrame } from '../../../api/dashboards';
import { formatValue } from '../../../charts/formatValue';
import { formatDateTime } from '../../../shared/time/formatTime';
import { textColor } from './contrast';
import classes from './TablePanel.module.css';

const rowLimit = 1000;

export function TablePanel({ frame, label }: { frame: TableFrame; label: string }) {
  const scheme = useComputedColorScheme('light');
  const [sort, setSort] = useState<{ column: number; down: boolean } | null>(null);
  const order = useMemo(() => {
    const indexes = frame.rows.map((_, i) => i);
    if (sort) {
      indexes.sort(
        (a, b) => compare(frame.rows[a][sort.column], frame.rows[b][sort.column]) * (sort.down ? -1 : 1),
      );
    }
    return indexes.slice(0, rowLimit);
  }, [frame.rows, sort]);

  return (
    <ScrollArea h="100%" type="auto">
      <Table stickyHeader highlightOnHover aria-label={label} className="tabular" fz="sm">
        <Table.Thead>
          <Table.Tr>
            {frame.columns.map((column, c) => (
              <Table.Th
                key={c}
                ta={column.type === 'number' ? 'right' : undefined}
                aria-sort={sort?.column === c ? (sort.down ? 'descending' : 'ascending') : undefined}
              >
                <UnstyledButton
                  className={classes.sort}
                  onClick={() =>
                    setSort((old) =>
                      old?.column === c && old.down ? null : { column: c, down: old?.column === c },
                    )
                  }
                >
                  {column.name}
                  {sort?.column !== c ? null : sort.down ? (
                    <IconArrowDown size={13} />
                  ) : (
                    <IconArrowUp size={13} />
                  )}
                </UnstyledButton>
              </Table.Th>
            ))}
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {order.map((row) => (
            <Table.Tr key={row}>
              {frame.columns.map((column, c) => {
                const cell = frame.cells?.[row]?.[c];
                return (
                  <Table.Td
                    key={c}
                    ta={column.type === 'number' ? 'right' : undefined}
                    style={{ color: cell?.color ? textColor(cell.color, scheme) : undefined }}
                  >
                    {cell?.text ?? cellText(frame.rows[row][c], column.type, column.unit)}
                  </Table.Td>
                );
              })}
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </ScrollArea>
  );
}

function cellText(value: CellValue, type: string, unit?: string): string {
  if (value === null) {
    return '';
  }
  if (typeof value === 'string') {
    return value;
  }
  return type === 'time' ? formatDateTime(value) : formatValue(value, unit);
}

function compare(a: CellValue, b: CellValue): number {
  if (typeof a === 'number' && typeof b === 'number') {
    return a - b;
  }
  return String(a ?? '').localeCompare(String(b ?? ''), undefined, { numeric: true });
}
