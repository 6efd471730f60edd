import { request } from './http';
import type { Labels } from './prometheus';

export interface DashboardSummary {
  uid: string;
  title: string;
  tags: string[];
  file: string;
}

export interface VariableOption {
  text: string;
  value: string;
}

export interface Variable {
  name: string;
  label?: string;
  type: string;
  multi: boolean;
  includeAll: boolean;
  options: VariableOption[];
  current: string[];
  /** 0 shows label and value, 1 hides the label, 2 hides the variable. */
  hide: number;
}

export interface GridPos {
  x: number;
  y: number;
  w: number;
  h: number;
}

export interface ThresholdStep {
  value: number | null;
  color: string;
}

export interface FieldConfig {
  unit?: string;
  decimals?: number | null;
  min?: number | null;
  max?: number | null;
  axisLabel?: string;
  drawStyle?: 'line' | 'bars' | 'points';
  lineWidth?: number;
  fillOpacity?: number;
  stacking?: 'none' | 'normal' | 'percent';
  showPoints?: string;
  spanNulls?: boolean | number;
  noValue?: string;
  thresholds?: { mode: string; steps: ThresholdStep[] };
  thresholdsStyle?: string;
  legend?: { show: boolean; mode: 'list' | 'table'; placement: 'bottom' | 'right'; calcs: string[] };
  tooltip?: { mode: string; sort: string };
  graphMode?: string;
  textMode?: string;
  colorModeStat?: string;
  [key: string]: unknown;
}

export type PanelType =
  'timeseries' | 'stat' | 'gauge' | 'bargauge' | 'table' | 'row' | 'text' | 'unsupported';

export interface Panel {
  id: number;
  type: PanelType;
  sourceType?: string;
  title: string;
  description?: string;
  gridPos: GridPos;
  collapsed?: boolean;
  panels?: Panel[];
  fieldConfig?: FieldConfig;
  queries?: { refId: string; expr: string; legendFormat?: string; instant?: boolean }[];
  text?: { mode: string; content: string };
  warnings?: string[];
}

export interface Dashboard {
  uid: string;
  title: string;
  tags: string[];
  timezone?: string;
  refresh?: string;
  time?: { from: string; to: string };
  variables?: Variable[];
  panels: Panel[];
  warnings?: string[];
}

export interface FrameSeries {
  name: string;
  labels?: Labels;
  refId?: string;
  values: (number | null)[];
  color: string;
  unit?: string;
  decimals?: number | null;
  yAxis?: 1 | 2;
  calcs?: Record<string, number | string | null>;
  text?: string;
}

export interface StatTile {
  name: string;
  value: number | null;
  text: string;
  color: string;
  spark?: [number, number | null][];
}

export interface TableColumn {
  name: string;
  type: 'string' | 'number' | 'time';
  unit?: string;
}

export type CellValue = string | number | null;

interface FrameExtras {
  noData?: { reason: string; hints?: string[] } | null;
  errors?: { refId: string; message: string }[];
  warnings?: string[];
  executedQueries?: { refId: string; expr: string; stepMs: number }[];
}

export type SeriesFrame = FrameExtras & {
  kind: 'series';
  stepMs: number;
  times: number[];
  series: FrameSeries[];
};
export type StatFrame = FrameExtras & { kind: 'stat'; tiles: StatTile[] };
export type TableFrame = FrameExtras & {
  kind: 'table';
  columns: TableColumn[];
  rows: CellValue[][];
  cells?: ({ text: string; color?: string | null } | null)[][] | null;
};
export type PanelFrame = SeriesFrame | StatFrame | TableFrame;

export interface PanelDataRequest {
  from: number;
  to: number;
  width: number;
  variables: Record<string, string[]>;
}

export async function getDashboards(signal: AbortSignal): Promise<DashboardSummary[]> {
  return (await request<{ dashboards: DashboardSummary[] }>('api/pharos/dashboards', { signal })).dashboards;
}

/** `query` carries the chosen variables (`var-x=`) and the range, so that dependent variables are resolved. */
export function getDashboard(uid: string, query: string, signal: AbortSignal): Promise<Dashboard> {
  const suffix = query === '' ? '' : `?${query}`;
  return request(`api/pharos/dashboards/${encodeURIComponent(uid)}${suffix}`, { signal });
}

export function getPanelData(
  uid: string,
  panelId: number,
  body: PanelDataRequest,
  signal: AbortSignal,
): Promise<PanelFrame> {
  const path = `api/pharos/dashboards/${encodeURIComponent(uid)}/panels/${panelId}/data`;
  return request(path, { method: 'POST', body, signal });
}
