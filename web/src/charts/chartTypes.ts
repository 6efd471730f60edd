import type { FieldConfig } from '../api/dashboards';

export interface ChartSeries {
  name: string;
  labels?: Record<string, string>;
  color: string;
  values: (number | null)[];
  unit?: string;
  decimals?: number | null;
  yAxis?: 1 | 2;
  calcs?: Record<string, number | string | null>;
}

export interface ChartData {
  /** Epoch milliseconds, ascending, shared by every series. */
  times: number[];
  series: ChartSeries[];
}

export type ChartConfig = Pick<
  FieldConfig,
  | 'unit'
  | 'decimals'
  | 'min'
  | 'max'
  | 'axisLabel'
  | 'drawStyle'
  | 'lineWidth'
  | 'fillOpacity'
  | 'stacking'
  | 'showPoints'
  | 'spanNulls'
  | 'thresholds'
  | 'thresholdsStyle'
  | 'legend'
  | 'tooltip'
> & { lineInterpolation?: unknown };

export interface ChartWindow {
  fromMs: number;
  toMs: number;
}

/** One measurement that leads to what was measured. */
export interface ChartExemplar {
  timeMs: number;
  value: number;
  title: string;
  /** Address within this UI. */
  to: string;
}

/** More lines than this hide one another; the rest is one click away. */
export const drawnSeriesLimit = 100;
