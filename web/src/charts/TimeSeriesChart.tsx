import { Button, Group, Text } from '@mantine/core';
import { useMemo, useState } from 'react';

import { ChartCanvas } from './ChartCanvas';
import { ChartLegend } from './ChartLegend';
import { ChartTable } from './ChartTable';
import {
  drawnSeriesLimit,
  type ChartConfig,
  type ChartData,
  type ChartExemplar,
  type ChartSeries,
  type ChartWindow,
} from './chartTypes';
import classes from './TimeSeriesChart.module.css';

interface Props {
  data: ChartData;
  config: ChartConfig;
  window: ChartWindow;
  label: string;
  asTable: boolean;
  onToggleTable: () => void;
  exemplars?: readonly ChartExemplar[];
  syncKey?: string;
  onZoom?: (fromMs: number, toMs: number) => void;
  onZoomOut?: () => void;
}

/** A chart with its legend; the legend isolates series, and a table can take the chart's place. */
export function TimeSeriesChart(props: Props) {
  const { data, config } = props;
  const [picked, setPicked] = useState<ReadonlySet<string>>(new Set());
  const [focused, setFocused] = useState<number | null>(null);
  const [all, setAll] = useState(false);

  const drawn = useMemo(
    () => (all ? data : { times: data.times, series: data.series.slice(0, drawnSeriesLimit) }),
    [all, data],
  );
  const keys = useMemo(() => seriesKeys(drawn.series), [drawn]);
  // Names choose series, so that a choice survives the next refresh; a choice that matches nothing is no choice.
  const visible = useMemo(() => {
    const chosen = keys.map((key) => picked.has(key));
    return chosen.some(Boolean) ? chosen : chosen.map(() => true);
  }, [keys, picked]);

  const pick = (index: number, add: boolean) =>
    setPicked((old) => {
      const name = keys[index];
      if (!add) {
        return old.size === 1 && old.has(name) ? new Set() : new Set([name]);
      }
      const next = new Set(old.size === 0 ? keys : old);
      if (!next.delete(name)) {
        next.add(name);
      }
      return next;
    });

  if (props.asTable) {
    return <ChartTable data={data} config={config} label={props.label} onToggleTable={props.onToggleTable} />;
  }

  const legend = config.legend;
  const side = legend?.placement === 'right';
  return (
    <div className={classes.layout} data-side={side || undefined}>
      <div className={classes.canvas}>
        <ChartCanvas
          data={drawn}
          visible={visible}
          config={config}
          window={props.window}
          label={`${props.label}, ${data.series.length} series. Arrow keys read values, T shows a table.`}
          focused={focused}
          exemplars={props.exemplars}
          syncKey={props.syncKey}
          onZoom={props.onZoom}
          onZoomOut={props.onZoomOut}
          onToggleTable={props.onToggleTable}
        />
      </div>
      {legend?.show === false ? null : (
        <div className={classes.legend} data-table={legend?.mode === 'table' || undefined}>
          <ChartLegend
            series={drawn.series}
            visible={visible}
            config={config}
            onPick={pick}
            onFocus={setFocused}
          />
        </div>
      )}
      {data.series.length > drawn.series.length ? (
        <Group gap="xs" px={4}>
          <Text size="xs" c="dimmed">
            Showing {drawn.series.length} of {data.series.length} series
          </Text>
          <Button size="compact-xs" variant="subtle" onClick={() => setAll(true)}>
            Show all
          </Button>
        </Group>
      ) : null}
    </div>
  );
}

/** The names of the series, repeated ones numbered. */
function seriesKeys(series: ChartSeries[]): string[] {
  const seen = new Map<string, number>();
  return series.map(({ name }) => {
    const count = (seen.get(name) ?? 0) + 1;
    seen.set(name, count);
    return count === 1 ? name : `${name} (${count})`;
  });
}
