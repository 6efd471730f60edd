import { Text } from '@mantine/core';
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { useMemo, useState } from 'react';

import { queryMetric } from '../../../api/loki';
import { TimeSeriesChart } from '../../../charts/TimeSeriesChart';
import type { ChartConfig } from '../../../charts/chartTypes';
import { formatDurationSec } from '../../../shared/time/duration';
import { levelColors } from '../entries/levels';
import type { TimeRange } from '../../../shared/time/useTimeRange';
import classes from './LevelHistogram.module.css';
import { barsOf, countLevels, countQuery } from './levelSeries';

const config: ChartConfig = {
  unit: 'short',
  drawStyle: 'bars',
  lineWidth: 0,
  fillOpacity: 85,
  stacking: 'normal',
  min: 0,
  legend: { show: false, mode: 'list', placement: 'bottom', calcs: [] },
  tooltip: { mode: 'multi', sort: 'none' },
};

interface Props {
  query: string;
  range: TimeRange;
  run: string;
  /** Asks for the lines of a level, by the server's word for it. */
  onLevel: (name: string, keep: boolean) => void;
}

/** How many lines of which level there were; dragging zooms the page's range. */
export function LevelHistogram({ query, range, run, onLevel }: Props) {
  const [asTable, setAsTable] = useState(false);
  const bars = useMemo(() => barsOf(range.fromMs, range.toMs), [range.fromMs, range.toMs]);
  const counts = useQuery({
    queryKey: ['logs', 'histogram', query, bars, run],
    queryFn: async ({ signal }) => {
      const { data } = await queryMetric(countQuery(query, bars.stepSec), bars, signal);
      return countLevels(data.resultType === 'matrix' ? data.result : [], bars);
    },
    placeholderData: keepPreviousData,
  });
  const data = counts.data;
  const total = data?.levels.reduce((sum, { lines }) => sum + lines, 0) ?? 0;
  if (counts.isError) {
    return (
      <Text size="xs" c="dimmed" px="sm" py={6}>
        The lines could not be counted: {counts.error.message}
      </Text>
    );
  }
  return (
    <section className={classes.histogram} aria-label="Lines by level">
      <div className={classes.caption}>
        <Text size="xs" c="dimmed" className="tabular" aria-live="polite">
          {data
            ? `${total.toLocaleString('en-US')} lines · ${formatDurationSec(bars.stepSec)} per bar`
            : 'Counting…'}
        </Text>
        {data?.levels.map(({ level, lines, names }) => (
          <button
            key={level}
            type="button"
            className={classes.level}
            title={`Only lines of level ${level}; with Shift, all but these`}
            onClick={(event) => onLevel(names[0], !event.shiftKey)}
          >
            <span className={classes.swatch} style={{ background: levelColors[level] }} />
            {level} <span className={classes.count}>{lines.toLocaleString('en-US')}</span>
          </button>
        ))}
      </div>
      <div className={classes.chart}>
        {data && data.levels.length > 0 ? (
          <TimeSeriesChart
            data={data.chart}
            config={config}
            window={{ fromMs: range.fromMs, toMs: range.toMs }}
            label="Lines by level"
            asTable={asTable}
            onToggleTable={() => setAsTable((old) => !old)}
            onZoom={(fromMs, toMs) => range.setRange(String(fromMs), String(Math.max(toMs, fromMs + 1000)))}
            onZoomOut={range.zoomOut}
          />
        ) : null}
      </div>
    </section>
  );
}
