import { Portal } from '@mantine/core';
import { useMemo } from 'react';

import { formatDateTime } from '../shared/time/formatTime';
import classes from './ChartTooltip.module.css';
import type { ChartConfig, ChartData, ChartSeries } from './chartTypes';
import { distinctNames } from './distinctNames';
import { formatValue } from './formatValue';

export interface CursorState {
  index: number;
  /** Viewport pixels. */
  x: number;
  y: number;
  valueAtPointer: number;
}

interface Props {
  cursor: CursorState;
  data: ChartData;
  visible: boolean[];
  config: ChartConfig;
}

const rowLimit = 16;

interface Row {
  series: ChartSeries;
  name: string;
  value: number;
}

/** The values under the cursor: all series sorted, or only the nearest one. */
export function ChartTooltip({ cursor, data, visible, config }: Props) {
  const mode = config.tooltip?.mode ?? 'multi';
  const names = useMemo(() => distinctNames(data.series), [data.series]);
  const rows = data.series.flatMap((series, i): Row[] => {
    const value = series.values[cursor.index];
    return visible[i] && typeof value === 'number' ? [{ series, name: names[i], value }] : [];
  });
  const nearest = nearestRow(rows, cursor.valueAtPointer);
  if (mode === 'none' || rows.length === 0 || !nearest) {
    return null;
  }
  const sorted = mode === 'single' ? [nearest] : sortRows(rows, config.tooltip?.sort);
  const shown = sorted.slice(0, rowLimit);
  if (!shown.includes(nearest)) {
    shown[shown.length - 1] = nearest;
  }
  const onLeft = cursor.x > window.innerWidth / 2;
  const above = cursor.y > window.innerHeight / 2;
  return (
    <Portal>
      <div
        className={classes.tooltip}
        role="status"
        style={{
          left: cursor.x,
          top: cursor.y,
          transform: `translate(${onLeft ? 'calc(-100% - 14px)' : '14px'}, ${above ? 'calc(-100% - 8px)' : '8px'})`,
        }}
      >
        <div className={classes.time}>{formatDateTime(data.times[cursor.index])}</div>
        {shown.map((row, i) => (
          <div
            key={i}
            className={classes.row}
            data-nearest={(row === nearest && rows.length > 1) || undefined}
          >
            <span className={classes.swatch} style={{ background: row.series.color }} />
            <span className={classes.name}>{row.name}</span>
            <span className={classes.value}>
              {formatValue(row.value, row.series.unit ?? config.unit, row.series.decimals ?? config.decimals)}
            </span>
          </div>
        ))}
        {sorted.length > shown.length ? (
          <div className={classes.more}>and {sorted.length - shown.length} more</div>
        ) : null}
      </div>
    </Portal>
  );
}

function nearestRow(rows: Row[], value: number): Row | undefined {
  return rows.reduce<Row | undefined>(
    (best, row) => (!best || Math.abs(row.value - value) < Math.abs(best.value - value) ? row : best),
    undefined,
  );
}

function sortRows(rows: Row[], sort: string | undefined): Row[] {
  if (sort === 'asc') {
    return [...rows].sort((a, b) => a.value - b.value);
  }
  return sort === 'none' && rows.length <= rowLimit ? rows : [...rows].sort((a, b) => b.value - a.value);
}
