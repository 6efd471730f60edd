import { Skeleton } from '@mantine/core';

import type { Panel, PanelFrame, SeriesFrame } from '../../api/dashboards';
import { TimeSeriesChart } from '../../charts/TimeSeriesChart';
import type { ChartWindow } from '../../charts/chartTypes';
import { ErrorMessage } from '../../shared/components/ErrorMessage';
import { useExemplars } from '../../shared/useExemplars';
import { BarGaugePanel } from './panels/BarGaugePanel';
import { GaugePanel } from './panels/GaugePanel';
import { NoData } from './panels/NoData';
import { StatPanel } from './panels/StatPanel';
import { TablePanel } from './panels/TablePanel';
import { TextPanel } from './panels/TextPanel';
import { UnsupportedPanel } from './panels/UnsupportedPanel';
import type { PanelContext } from './panelContext';

interface Props {
  panel: Panel;
  context: PanelContext;
  data: { frame: PanelFrame; window: ChartWindow } | undefined;
  error: Error | null;
  onRetry: () => void;
  asTable: boolean;
  onToggleTable: () => void;
}

const noConfig = {};

/** Chooses what to draw: the panel's own content, its data, or why there is none. */
export function PanelBody({ panel, context, data, error, onRetry, asTable, onToggleTable }: Props) {
  if (panel.type === 'text') {
    return <TextPanel mode={panel.text?.mode ?? 'markdown'} content={panel.text?.content ?? ''} />;
  }
  if (panel.type === 'unsupported' || panel.type === 'row') {
    return <UnsupportedPanel sourceType={panel.sourceType ?? panel.type} />;
  }
  if (error) {
    return <ErrorMessage title="The query failed" error={error} onRetry={onRetry} />;
  }
  if (!data) {
    return <Skeleton height="100%" radius="sm" />;
  }
  const { frame, window } = data;
  if (frame.noData || isEmpty(frame)) {
    return <NoData reason={frame.noData?.reason} hints={frame.noData?.hints} errors={frame.errors} />;
  }
  const config = panel.fieldConfig ?? noConfig;
  switch (frame.kind) {
    case 'series':
      return (
        <SeriesPanel
          panel={panel}
          context={context}
          frame={frame}
          window={window}
          asTable={asTable}
          onToggleTable={onToggleTable}
        />
      );
    case 'table':
      return <TablePanel frame={frame} label={panel.title} />;
    case 'stat':
      if (panel.type === 'gauge') {
        return <GaugePanel tiles={frame.tiles} config={config} />;
      }
      if (panel.type === 'bargauge') {
        return <BarGaugePanel tiles={frame.tiles} config={config} />;
      }
      return <StatPanel tiles={frame.tiles} config={config} />;
  }
}

interface SeriesProps {
  panel: Panel;
  context: PanelContext;
  frame: SeriesFrame;
  window: ChartWindow;
  asTable: boolean;
  onToggleTable: () => void;
}

function SeriesPanel({ panel, context, frame, window, asTable, onToggleTable }: SeriesProps) {
  const config = panel.fieldConfig ?? noConfig;
  const exprs = (frame.executedQueries ?? []).map(({ expr }) => expr);
  const exemplars = useExemplars(exprs, window.fromMs, window.toMs, panel.fieldConfig?.unit);
  return (
    <TimeSeriesChart
      data={frame}
      config={config}
      window={window}
      label={panel.title}
      asTable={asTable}
      onToggleTable={onToggleTable}
      exemplars={exemplars}
      syncKey={context.uid}
      onZoom={(from, to) => context.range.setRange(String(from), String(to))}
      onZoomOut={context.range.zoomOut}
    />
  );
}

function isEmpty(frame: PanelFrame): boolean {
  switch (frame.kind) {
    case 'series':
      return frame.series.length === 0;
    case 'stat':
      return frame.tiles.length === 0;
    case 'table':
      return frame.rows.length === 0;
  }
}
