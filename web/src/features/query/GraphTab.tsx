import { IconDatabaseOff } from '@tabler/icons-react';
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { useMemo, useState } from 'react';

import type { ChartConfig } from '../../charts/chartTypes';
import { TimeSeriesChart } from '../../charts/TimeSeriesChart';
import { ErrorMessage } from '../../shared/components/ErrorMessage';
import { ListSkeleton } from '../../shared/components/ListSkeleton';
import { StateMessage } from '../../shared/components/StateMessage';
import { formatDurationSec, parseDurationSec } from '../../shared/time/duration';
import { useExemplars } from '../../shared/useExemplars';
import { GraphControls } from './GraphControls';
import { matrixData } from './matrixData';
import { QueryNotes } from './QueryNotes';
import type { QueryPanelState } from './queryUrl';
import { timedRange } from './timedQuery';

interface Props {
  state: QueryPanelState;
  run: number;
  onChange: (state: QueryPanelState) => void;
}

// As many points as Prometheus draws by default.
const autoPoints = 250;
const defaultRangeSec = 3600;

export function GraphTab({ state, run, onChange }: Props) {
  const [asTable, setAsTable] = useState(false);
  const rangeSec = parseDurationSec(state.range) || defaultRangeSec;
  const autoStepSec = Math.max(1, Math.floor(rangeSec / autoPoints));
  const stepSec = parseDurationSec(state.step) || autoStepSec;
  const answer = useQuery({
    queryKey: ['query', 'range', state.expr, state.endMs, rangeSec, stepSec, run],
    queryFn: ({ signal }) => timedRange(state.expr, state.endMs, rangeSec, stepSec, signal),
    placeholderData: keepPreviousData,
  });
  const drawn = useMemo(() => {
    if (!answer.data || answer.data.envelope.data.resultType !== 'matrix') {
      return null;
    }
    const { grid, envelope } = answer.data;
    const data = matrixData(envelope.data.resultType === 'matrix' ? envelope.data.result : [], grid);
    return { data, window: { fromMs: grid.startSec * 1000, toMs: grid.endSec * 1000 } };
  }, [answer.data]);
  const exemplars = useExemplars(
    drawn ? [state.expr] : [],
    drawn?.window.fromMs ?? 0,
    drawn?.window.toMs ?? 0,
  );
  const config = useMemo(() => chartConfig(state.stacked), [state.stacked]);
  const zoom = (fromMs: number, toMs: number) => {
    const seconds = Math.max(5, Math.round((toMs - fromMs) / 1000));
    onChange({ ...state, range: `${seconds}s`, endMs: toMs });
  };

  return (
    <>
      <GraphControls
        state={state}
        rangeSec={rangeSec}
        autoStepSec={autoStepSec}
        busy={answer.isFetching}
        onChange={onChange}
      />
      {answer.isPending ? <ListSkeleton rows={1} height={360} /> : null}
      {answer.isError ? <ErrorMessage title="The query failed" error={answer.error} /> : null}
      {answer.data && drawn && !answer.isError ? (
        <>
          <QueryNotes
            envelope={answer.data.envelope}
            tookMs={answer.data.tookMs}
            count={drawn.data.series.length}
            extra={`step ${formatDurationSec(stepSec)}`}
          />
          {drawn.data.series.length === 0 ? (
            <StateMessage icon={IconDatabaseOff} title="The query returned nothing">
              No series had samples in these {formatDurationSec(rangeSec)} that fit the selectors.
            </StateMessage>
          ) : (
            <div style={{ height: 420 }}>
              <TimeSeriesChart
                data={drawn.data}
                config={config}
                window={drawn.window}
                exemplars={exemplars}
                label={state.expr}
                asTable={asTable}
                onToggleTable={() => setAsTable((old) => !old)}
                onZoom={zoom}
                onZoomOut={() => onChange({ ...state, range: `${Math.round(rangeSec * 2)}s` })}
              />
            </div>
          )}
        </>
      ) : null}
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
