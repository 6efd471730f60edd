import uPlot from 'uplot';

import { formatClock, formatDateTime } from '../shared/time/formatTime';
import type { ChartConfig, ChartSeries, ChartWindow } from './chartTypes';
import { formatValue } from './formatValue';
import { drawThresholds } from './drawThresholds';

export interface ChartColors {
  text: string;
  grid: string;
}

interface OptionsInput {
  series: ChartSeries[];
  visible: boolean[];
  config: ChartConfig;
  colors: ChartColors;
  syncKey?: string;
  /** Read at draw time, so that a new window needs no new chart. */
  window: () => ChartWindow;
  onCursor: (chart: uPlot) => void;
  onDraw: (chart: uPlot) => void;
  onZoom?: (fromMs: number, toMs: number) => void;
}

const dayMs = 86_400_000;
// Bytes read best in steps of powers of two: 64 MiB, not 61.04 MiB.
const binaryUnits = new Set(['bytes', 'bits', 'binBps', 'binbps']);
const binarySteps = Array.from({ length: 64 }, (_, i) => 2 ** i);
const axisFont = '11px system-ui, sans-serif';

export function chartOptions(input: OptionsInput): Omit<uPlot.Options, 'width' | 'height'> {
  const { series, visible, config, colors } = input;
  const stacked = config.stacking === 'normal' || config.stacking === 'percent';
  const secondAxis = series.some((s) => s.yAxis === 2);
  const unitOf = (axis: 1 | 2) =>
    config.stacking === 'percent'
      ? 'percent'
      : series.find((s) => (s.yAxis ?? 1) === axis)?.unit || config.unit;

  return {
    ms: 1,
    legend: { show: false },
    padding: [8, null, 0, 0],
    focus: { alpha: 0.25 },
    cursor: {
      points: { size: 7, width: 2 },
      drag: { x: true, y: false, setScale: false },
      bind: { dblclick: () => null },
      ...(input.syncKey ? { sync: { key: input.syncKey, setSeries: false, scales: ['x', null] } } : {}),
    },
    scales: {
      x: { time: true, range: () => [input.window().fromMs, input.window().toMs] },
      y: { range: (_, low, high) => valueRange(low, high, config) },
      y2: { range: (_, low, high) => valueRange(low, high, {}) },
    },
    axes: [
      {
        stroke: colors.text,
        font: axisFont,
        grid: { stroke: colors.grid, width: 1 },
        ticks: { show: false },
        space: 70,
        gap: 6,
        size: (_, labels) => (labels?.some((label) => label?.includes('\n')) ? 38 : 24),
        values: (_, splits, __, ___, stepMs) => timeLabels(splits, stepMs),
      },
      valueAxis('y', unitOf(1), config, colors),
      ...(secondAxis ? [{ ...valueAxis('y2', unitOf(2), {}, colors), side: 1, grid: { show: false } }] : []),
    ],
    series: [{}, ...series.map((s, i) => seriesOptions(s, visible[i], config, stacked))],
    bands: stacked ? bandsBetween(visible, config, series) : [],
    hooks: {
      setCursor: [input.onCursor],
      draw: [input.onDraw],
      drawClear: [(chart) => drawThresholds(chart, config)],
      setSelect: [
        (chart) => {
          if (chart.select.width > 4 && input.onZoom) {
            const from = chart.posToVal(chart.select.left, 'x');
            const to = chart.posToVal(chart.select.left + chart.select.width, 'x');
            input.onZoom(Math.round(from), Math.round(to));
          }
          chart.setSelect({ left: 0, top: 0, width: 0, height: 0 }, false);
        },
      ],
    },
  };
}

function seriesOptions(s: ChartSeries, show: boolean, config: ChartConfig, stacked: boolean): uPlot.Series {
  const style = config.drawStyle ?? 'line';
  const fill = (config.fillOpacity ?? 0) / 100;
  const points = style === 'points' || config.showPoints === 'always';
  return {
    label: s.name,
    show,
    scale: s.yAxis === 2 ? 'y2' : 'y',
    stroke: s.color,
    width: style === 'points' ? 0 : (config.lineWidth ?? 1) + (style === 'line' ? 0.4 : 0),
    // Lines in a pile are filled by the bands between them; bars are cut at the band and keep their own fill.
    fill: fill > 0 && (!stacked || style === 'bars') ? withAlpha(s.color, fill) : undefined,
    spanGaps: config.spanNulls === true,
    paths: pathBuilder(style, config.lineInterpolation),
    points: points ? { show: true, size: 5, fill: s.color } : { show: isolatedPoint, size: 4, fill: s.color },
  };
}

/** A chart of few samples shows them as dots: a single one would otherwise be invisible. */
function isolatedPoint(chart: uPlot, seriesIndex: number): boolean {
  const values = chart.data[seriesIndex];
  let present = 0;
  for (const value of values) {
    if (typeof value === 'number' && ++present > 1) {
      return false;
    }
  }
  return present === 1;
}

function pathBuilder(style: string, interpolation: unknown): uPlot.Series.PathBuilder | undefined {
  if (style === 'bars') {
    return uPlot.paths.bars!({ size: [0.7, 60], align: 0 });
  }
  if (style === 'points') {
    return () => null;
  }
  if (interpolation === 'smooth') {
    return uPlot.paths.spline!();
  }
  return interpolation === 'stepAfter' ? uPlot.paths.stepped!({ align: 1 }) : uPlot.paths.linear!();
}

function bandsBetween(visible: boolean[], config: ChartConfig, series: ChartSeries[]): uPlot.Band[] {
  const alpha = Math.max(config.fillOpacity ?? 0, 25) / 100;
  const shown = visible.flatMap((isShown, i) => (isShown ? [i] : []));
  // uPlot fills down to the next lower series; the lowest one fills to zero through a band of its own fill.
  return shown.slice(1).map((index, below) => ({
    series: [index + 1, shown[below] + 1],
    fill: withAlpha(series[index].color, alpha),
  }));
}

function valueAxis(
  scale: string,
  unit: string | undefined,
  config: ChartConfig,
  colors: ChartColors,
): uPlot.Axis {
  return {
    scale,
    stroke: colors.text,
    font: axisFont,
    grid: { stroke: colors.grid, width: 1 },
    ticks: { show: false },
    space: 34,
    ...(unit && binaryUnits.has(unit) ? { incrs: binarySteps } : {}),
    gap: 6,
    size: (_, labels) => 16 + 6.4 * Math.max(3, ...(labels ?? []).map((label) => label.length)),
    values: (_, splits) => splits.map((value) => formatValue(value, unit || 'short', config.decimals)),
    ...(config.axisLabel ? { label: config.axisLabel, labelFont: axisFont, labelSize: 18, labelGap: 2 } : {}),
  };
}

function valueRange(low: number | null, high: number | null, config: ChartConfig): [number, number] {
  // Bars stand on zero: a cut bar lies about its size.
  const base = config.drawStyle === 'bars' ? Math.min(0, low ?? 0) : low;
  const [min, max] =
    base === null || high === null ? [0, 1] : uPlot.rangeNum(base, Math.max(base, high), 0.1, true);
  const from = config.min ?? min ?? 0;
  const to = config.max ?? max ?? 1;
  return from < to ? [from, to] : [from, from + 1];
}

function timeLabels(splits: number[], stepMs: number): string[] {
  const first = splits[0];
  return splits.map((ms, i) => {
    const date = formatDateTime(ms).slice(5, 10);
    if (stepMs >= dayMs) {
      return date;
    }
    const clock = stepMs < 60_000 ? formatClock(ms) : formatClock(ms).slice(0, 5);
    const newDay = i > 0 && new Date(ms).getDate() !== new Date(splits[i - 1]).getDate();
    return newDay || (i === 0 && splits[splits.length - 1] - first > dayMs) ? `${clock}\n${date}` : clock;
  });
}

export function withAlpha(color: string, alpha: number): string {
  if (!/^#[0-9a-f]{6}$/i.test(color)) {
    return color;
  }
  return (
    color +
    Math.round(alpha * 255)
      .toString(16)
      .padStart(2, '0')
  );
}
