import 'uplot/dist/uPlot.min.css';

import { useComputedColorScheme } from '@mantine/core';
import { useElementSize } from '@mantine/hooks';
import { useEffect, useMemo, useRef, useState } from 'react';
import uPlot from 'uplot';

import { chartOptions } from './chartOptions';
import classes from './ChartCanvas.module.css';
import { ChartTooltip, type CursorState } from './ChartTooltip';
import type { ChartConfig, ChartData, ChartExemplar, ChartWindow } from './chartTypes';
import type { ChartFrame } from './exemplarDots';
import { ExemplarDots } from './ExemplarDots';
import { stackSeries } from './stack';

interface Props {
  data: ChartData;
  visible: boolean[];
  config: ChartConfig;
  window: ChartWindow;
  label: string;
  /** Index of the series that the legend points at; the others fade. */
  focused: number | null;
  exemplars?: readonly ChartExemplar[];
  syncKey?: string;
  onZoom?: (fromMs: number, toMs: number) => void;
  onZoomOut?: () => void;
  onToggleTable: () => void;
}

/** The canvas itself: makes and feeds one uPlot instance, and turns pointer and keys into a cursor. */
export function ChartCanvas(props: Props) {
  const { data, visible, config, label, focused } = props;
  const { ref: sizeRef, width, height } = useElementSize();
  const host = useRef<HTMLDivElement>(null);
  const chart = useRef<uPlot | null>(null);
  const latest = useRef(props);
  const scheme = useComputedColorScheme('light');
  const [cursor, setCursor] = useState<CursorState | null>(null);
  const [frame, setFrame] = useState<ChartFrame | null>(null);

  const plotData = useMemo(() => toPlotData(data, visible, config), [data, visible, config]);
  // A chart is made anew only when its shape changes; new values go into the one that is there.
  const shape = useMemo(
    () =>
      JSON.stringify([scheme, config, visible, data.series.map((s) => [s.name, s.color, s.unit, s.yAxis])]),
    [scheme, config, visible, data.series],
  );
  const drawable = width > 0 && height > 0;

  useEffect(() => {
    latest.current = props;
  });

  useEffect(() => {
    if (!drawable || !host.current) {
      return undefined;
    }
    const style = getComputedStyle(host.current);
    const now = latest.current;
    const made = new uPlot(
      {
        ...chartOptions({
          series: now.data.series,
          visible: now.visible,
          config: now.config,
          colors: {
            text: style.getPropertyValue('--ph-muted'),
            grid: style.getPropertyValue('--ph-grid'),
          },
          syncKey: now.syncKey,
          window: () => latest.current.window,
          onCursor: (plot) => setCursor(cursorOf(plot)),
          onDraw: (plot) => {
            if (latest.current.exemplars?.length) {
              const drawn = frameOf(plot);
              setFrame((old) => (isSame(old, drawn) ? old : drawn));
            }
          },
          onZoom: (from, to) => latest.current.onZoom?.(from, to),
        }),
        width: host.current.clientWidth,
        height: host.current.clientHeight,
      },
      toPlotData(now.data, now.visible, now.config),
      host.current,
    );
    chart.current = made;
    return () => {
      chart.current = null;
      setCursor(null);
      made.destroy();
    };
  }, [shape, drawable]);

  useEffect(() => {
    chart.current?.setData(plotData);
  }, [plotData, props.window]);

  useEffect(() => {
    if (drawable) {
      chart.current?.setSize({ width, height });
    }
  }, [width, height, drawable]);

  useEffect(() => {
    chart.current?.setSeries(focused === null ? null : focused + 1, { focus: focused !== null });
  }, [focused]);

  const hasExemplars = (props.exemplars?.length ?? 0) > 0;
  useEffect(() => {
    if (hasExemplars) {
      chart.current?.redraw(false, false);
    }
  }, [hasExemplars]);

  const onKeyDown = (event: React.KeyboardEvent) => {
    const plot = chart.current;
    if (event.key.toLowerCase() === 't' && !event.ctrlKey && !event.metaKey) {
      props.onToggleTable();
    } else if (plot && (event.key === 'ArrowLeft' || event.key === 'ArrowRight')) {
      event.preventDefault();
      moveCursor(plot, event.key === 'ArrowLeft' ? -1 : 1);
    } else if (plot && event.key === 'Escape') {
      plot.setCursor({ left: -10, top: -10 });
    }
  };

  return (
    <div
      ref={sizeRef}
      className={classes.frame}
      role="figure"
      aria-label={label}
      tabIndex={0}
      onKeyDown={onKeyDown}
      onDoubleClick={props.onZoomOut}
      onBlur={() => chart.current?.setCursor({ left: -10, top: -10 })}
    >
      <div ref={host} className={classes.host} />
      {hasExemplars && frame ? <ExemplarDots exemplars={props.exemplars ?? []} frame={frame} /> : null}
      {cursor ? <ChartTooltip cursor={cursor} data={data} visible={visible} config={config} /> : null}
    </div>
  );
}

/** Where the plot lies on its element, and what of the axes it shows. */
function frameOf(plot: uPlot): ChartFrame {
  const { x, y } = plot.scales;
  return {
    leftPx: plot.over.offsetLeft,
    topPx: plot.over.offsetTop,
    widthPx: plot.over.clientWidth,
    heightPx: plot.over.clientHeight,
    fromMs: x.min ?? 0,
    toMs: x.max ?? 1,
    low: y.min ?? 0,
    high: y.max ?? 1,
  };
}

function isSame(a: ChartFrame | null, b: ChartFrame): boolean {
  return a !== null && (Object.keys(b) as (keyof ChartFrame)[]).every((name) => a[name] === b[name]);
}

function toPlotData(data: ChartData, visible: boolean[], config: ChartConfig): uPlot.AlignedData {
  const values = data.series.map((s) => s.values);
  const mode = config.stacking;
  return [
    data.times,
    ...(mode === 'normal' || mode === 'percent' ? stackSeries(values, visible, mode) : values),
  ];
}

function moveCursor(plot: uPlot, by: number): void {
  const times = plot.data[0];
  const last = times.length - 1;
  const index = Math.min(last, Math.max(0, (plot.cursor.idx ?? last + (by < 0 ? 1 : 0)) + by));
  if (index >= 0) {
    plot.setCursor({ left: plot.valToPos(times[index], 'x'), top: plot.over.clientHeight / 2 });
  }
}

/** Only the chart under the pointer, or with the keyboard's focus, explains its values; the others follow silently. */
function cursorOf(plot: uPlot): CursorState | null {
  const { idx, left, top } = plot.cursor;
  const figure = plot.root.closest('[role=figure]');
  const leads = plot.over.matches(':hover') || figure === document.activeElement;
  if (!leads || typeof idx !== 'number' || left === undefined || top === undefined || left < 0) {
    return null;
  }
  const box = plot.over.getBoundingClientRect();
  return {
    index: idx,
    x: box.left + left,
    y: box.top + top,
    valueAtPointer: plot.posToVal(top, 'y'),
  };
}
