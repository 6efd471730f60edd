import { Text } from '@mantine/core';
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { useMemo, useState } from 'react';

import { queryMetric } from '../../../api/loki';
import { TimeSeriesChart } from '../../../charts/TimeSeriesChart';
import type { ChartConfig } from '../../../charts/chartTypes';
import { formatDurationSec } from '../../../shared/time/duration';
import type { TimeRange } from '../../../shared/time/useTimeRange';
import classes from './LevelHistogram.module.css';
import { barsOf, countQuery, levelChart, totalOf } from './levelSeries';

const config: ChartConfig = {
  unit: 'short',
  drawStyle: 'bars',
  lineWidth: 0,
  fillOpacity: 85,
  stacking: 'normal',
  min: 0,
  legend: { show: true, mode: 'list', placement: 'bottom', calcs: [] },
  tooltip: { mode: 'multi', sort: 'none' },
};

/** How many lines of which level there were; dragging zooms the page's range. */
export function LevelHistogram({ query, range, run }: { query: string; range: TimeRange; run: string }) {
  const [asTable, setAsTable] = useState(false);
  const bars = useMemo(() => barsOf(range.fromMs, range.toMs), [range.fromMs, range.toMs]);
  const counts = useQuery({
    queryKey: ['logs', 'histogram', query, bars, run],
    queryFn: async ({ signal }) => {
      const { data } = await queryMetric(countQuery(query, bars.stepSec), bars, signal);
      return levelChart(data.resultType === 'matrix' ? data.result : [], bars);
    },
    placeholderData: keepPreviousData,
  });
  const data = counts.data;
  if (counts.isError) {
    return (
      <Text size="xs" c="dimmed" px="sm" py={6}>
        The lines could not be counted: {counts.error.message}
      </Text>
    );
  }
  return (
    <section className={classes.histogram} aria-label="Lines by level">
      <Text size="xs" c="dimmed" className={`tabular ${classes.caption}`} aria-live="polite">
        {data
          ? `${totalOf(data).toLocaleString('en-US')} lines · ${formatDurationSec(bars.stepSec)} per bar`
          : 'Counting…'}
      </Text>
      <div className={classes.chart}>
        {data && data.series.length > 0 ? (
          <TimeSeriesChart
            data={data}
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
