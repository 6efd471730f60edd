import { Text, UnstyledButton } from '@mantine/core';
import { IconArrowDown, IconArrowUp } from '@tabler/icons-react';
import { useCallback, useLayoutEffect, useMemo, useState, useSyncExternalStore } from 'react';

import type { Timeline } from '../../../api/traces';
import { ListWindow } from '../../../shared/list/listWindow';
import { formatNs } from '../formatNs';
import { kindNames, spanOrder, type SpanColumn } from './spanOrder';
import classes from './tables.module.css';

interface Props {
  timeline: Timeline;
  colors: string[];
  /** What a search found, or null where nobody searches. */
  found: ReadonlySet<number> | null;
  onOpen: (row: number) => void;
}

const columns: [SpanColumn, string][] = [
  ['service', 'Service'],
  ['operation', 'Operation'],
  ['kind', 'Kind'],
  ['start', 'Starts after'],
  ['duration', 'Duration'],
  ['id', 'Span'],
];

const rowPx = 28;

/** All spans as a table that can be sorted; only what is in view exists as elements. */
export function SpansTab({ timeline, colors, found, onOpen }: Props) {
  const { rows } = timeline;
  const [sort, setSort] = useState<{ column: SpanColumn; down: boolean }>({ column: 'duration', down: true });
  const [view] = useState(() => new ListWindow(rowPx));
  const { first, last, topPx, totalPx } = useSyncExternalStore(view.subscribe, view.snapshot);
  const attach = useCallback((element: HTMLElement | null) => view.attach(element), [view]);
  const order = useMemo(() => spanOrder(timeline, sort.column, sort.down, found), [timeline, sort, found]);
  useLayoutEffect(() => view.show(order, `${sort.column} ${sort.down} ${order.length}`), [view, order, sort]);
  const Arrow = sort.down ? IconArrowDown : IconArrowUp;
  return (
    <div className={classes.tab}>
      <Text size="xs" c="dimmed" mb={4}>
        {order.length} {found ? 'found ' : ''}spans; a click opens one in the timeline
      </Text>
      <div
        ref={attach}
        className={classes.spans}
        role="table"
        aria-label="All spans"
        aria-rowcount={order.length + 1}
        tabIndex={0}
        data-span-table
      >
        <div className={`${classes.spanRow} ${classes.spanHead}`} role="row" aria-rowindex={1}>
          {columns.map(([column, title]) => (
            <span
              key={column}
              role="columnheader"
              aria-sort={sort.column === column ? (sort.down ? 'descending' : 'ascending') : 'none'}
            >
              <UnstyledButton
                className={classes.sort}
                onClick={() => setSort({ column, down: sort.column === column ? !sort.down : false })}
              >
                {title} {sort.column === column ? <Arrow size={12} aria-hidden /> : null}
              </UnstyledButton>
            </span>
          ))}
        </div>
        <div role="presentation" style={{ height: totalPx, position: 'relative' }}>
          <div
            role="rowgroup"
            style={{ transform: `translateY(${topPx}px)`, position: 'absolute', insetInline: 0 }}
          >
            {order.slice(first, last).map((row, i) => (
              <div
                key={row}
                className={classes.spanRow}
                role="row"
                aria-rowindex={first + i + 2}
                data-index={first + i}
                data-error={rows.error[row] === 1 || undefined}
                onClick={() => onOpen(row)}
              >
                <span role="cell" className={classes.name}>
                  <i style={{ background: colors[rows.service[row]] }} />
                  {timeline.services[rows.service[row]]}
                </span>
                <span role="cell">{timeline.operations[rows.operation[row]]}</span>
                <span role="cell">{kindNames[rows.kind[row]]}</span>
                <span role="cell">{formatNs(rows.start[row])}</span>
                <span role="cell">{formatNs(rows.duration[row])}</span>
                <span role="cell" className="mono">
                  {rows.id[row]}
                </span>
              </div>
            ))}
          </div>
        </div>
      </div>
    </div>
  );
}
