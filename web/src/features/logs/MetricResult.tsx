import { Switch, Tabs } from '@mantine/core';
import { IconDatabaseOff } from '@tabler/icons-react';
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { useMemo, useState } from 'react';

import { queryMetric, queryMoment, type LokiResult } from '../../api/loki';
import type { Envelope } from '../../api/http';
import type { ChartConfig } from '../../charts/chartTypes';
import { TimeSeriesChart } from '../../charts/TimeSeriesChart';
import { ErrorMessage } from '../../shared/components/ErrorMessage';
import { ListSkeleton } from '../../shared/components/ListSkeleton';
import { StateMessage } from '../../shared/components/StateMessage';
import { formatDurationSec } from '../../shared/time/duration';
import type { TimeRange } from '../../shared/time/useTimeRange';
import { matrixData } from '../query/matrixData';
import { QueryNotes } from '../query/QueryNotes';
import { ResultTable } from '../query/ResultTable';
import classes from './LogsPage.module.css';
import { fillVariables } from './query/editQuery';
import { nsOfMs } from './entries/nanoseconds';

interface Props {
  query: string;
  range: TimeRange;
  run: string;
  onError: (message: string) => void;
}

const points = 250;

/** A metric query over lines: as a chart over the range, and as a table of its end. */
export function MetricResult({ query, range, run, onError }: Props) {
  const [tab, setTab] = useState<string | null>('graph');
  const [stacked, setStacked] = useState(false);
  const rangeSec = (range.toMs - range.fromMs) / 1000;
  const stepSec = Math.max(1, Math.floor(rangeSec / points));
  const filled = fillVariables(query, rangeSec, stepSec);
  const graph = tab === 'graph';
  const answer = useQuery({
    queryKey: ['logs', 'metric', filled, graph, range.fromMs, range.toMs, run],
    queryFn: async ({ signal }) => {
      const begun = performance.now();
      const grid = { startSec: range.fromMs / 1000, endSec: range.toMs / 1000, stepSec };
      try {
        const envelope = graph
          ? await queryMetric(filled, grid, signal)
          : await queryMoment(filled, nsOfMs(range.toMs), signal);
        onError('');
        return { envelope, grid, graph, tookMs: performance.now() - begun };
      } catch (error) {
        if (error instanceof Error && error.name !== 'AbortError') {
          onError(error.message);
        }
        throw error;
      }
    },
    placeholderData: keepPreviousData,
  });
  const found = answer.data && answer.data.graph === graph ? answer.data : null;
  return (
    <Tabs value={tab} onChange={setTab} keepMounted={false}>
      <div className={classes.tabs}>
        <Tabs.List px="sm" className={classes.tabList}>
          <Tabs.Tab value="graph">Graph</Tabs.Tab>
          <Tabs.Tab value="table">Table</Tabs.Tab>
        </Tabs.List>
        <Switch
          size="xs"
          label="Stacked"
          className={classes.options}
          checked={stacked}
          onChange={(event) => setStacked(event.currentTarget.checked)}
        />
      </div>
      <Tabs.Panel value={tab ?? 'graph'} p="sm">
        {answer.isError ? <ErrorMessage title="The query failed" error={answer.error} /> : null}
        {!found && !answer.isError ? <ListSkeleton rows={1} height={320} /> : null}
        {found && !answer.isError ? <Found {...found} query={query} range={range} stacked={stacked} /> : null}
      </Tabs.Panel>
    </Tabs>
  );
}

interface FoundProps {
  envelope: Envelope<LokiResult>;
  grid: { startSec: number; endSec: number; stepSec: number };
  graph: boolean;
  tookMs: number;
  query: string;
  range: TimeRange;
  stacked: boolean;
}

function Found({ envelope, grid, graph, tookMs, query, range, stacked }: FoundProps) {
  const [asTable, setAsTable] = useState(false);
  const { data } = envelope;
  const chart = useMemo(
    () => (data.resultType === 'matrix' ? matrixData(data.result, grid) : null),
    [data, grid],
  );
  const config = useMemo(() => chartConfig(stacked), [stacked]);
  const count = Array.isArray(data.result) && data.resultType !== 'scalar' ? data.result.length : 1;
  if (count === 0) {
    return (
      <StateMessage icon={IconDatabaseOff} title="The query returned nothing">
        No line of this range fits the selectors and filters.
      </StateMessage>
    );
  }
  return (
    <>
      <QueryNotes
        envelope={envelope}
        tookMs={tookMs}
        count={count}
        extra={graph ? `step ${formatDurationSec(grid.stepSec)}` : undefined}
      />
      {graph && chart ? (
        <div style={{ height: 420 }}>
          <TimeSeriesChart
            data={chart}
            config={config}
            window={{ fromMs: range.fromMs, toMs: range.toMs }}
            label={query}
            asTable={asTable}
            onToggleTable={() => setAsTable((old) => !old)}
            onZoom={(fromMs, toMs) => range.setRange(String(fromMs), String(Math.max(toMs, fromMs + 1000)))}
            onZoomOut={range.zoomOut}
          />
        </div>
      ) : data.resultType === 'streams' ? null : (
        <ResultTable data={data} />
      )}
    </>
  );
}

function chartConfig(stacked: boolean): ChartConfig {
  return {
    unit: 'short',
    lineWidth: 1,
    fillOpacity: stacked ? 35 : 0,
    stacking: stacked ? 'normal' : 'none',
    legend: { show: true, mode: 'list', placement: 'bottom', calcs: [] },
    tooltip: { mode: 'multi', sort: 'desc' },
  };
}
