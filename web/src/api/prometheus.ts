import { requestData, requestEnvelope, type Envelope } from './http';

export type Labels = Record<string, string>;

export interface SampleHistogram {
  count: string;
  sum: string;
}

export interface VectorElement {
  metric: Labels;
  value?: [number, string];
  histogram?: [number, SampleHistogram];
}

export interface MatrixElement {
  metric: Labels;
  values?: [number, string][];
  histograms?: [number, SampleHistogram][];
}

export interface VectorResult {
  resultType: 'vector';
  result: VectorElement[];
}

export interface MatrixResult {
  resultType: 'matrix';
  result: MatrixElement[];
}

export interface ScalarResult {
  resultType: 'scalar';
  result: [number, string];
}

export interface StringResult {
  resultType: 'string';
  result: [number, string];
}

export type QueryResult = VectorResult | MatrixResult | ScalarResult | StringResult;

export interface RuleAlert {
  labels: Labels;
  annotations: Labels;
  state: 'pending' | 'firing' | 'inactive';
  activeAt: string;
  value: string;
}

export interface Rule {
  type: 'alerting' | 'recording';
  name: string;
  query: string;
  duration?: number;
  keepFiringFor?: number;
  labels?: Labels;
  annotations?: Labels;
  alerts?: RuleAlert[];
  state?: 'inactive' | 'pending' | 'firing' | 'unknown';
  health: 'ok' | 'err' | 'unknown';
  lastError?: string;
  evaluationTime: number;
  lastEvaluation: string;
}

export interface RuleGroup {
  name: string;
  file: string;
  interval: number;
  limit?: number;
  rules: Rule[];
  evaluationTime: number;
  lastEvaluation: string;
}

export interface Target {
  discoveredLabels: Labels;
  labels: Labels;
  scrapePool: string;
  scrapeUrl: string;
  globalUrl: string;
  lastError: string;
  lastScrape: string;
  lastScrapeDuration: number;
  health: 'up' | 'down' | 'unknown';
  scrapeInterval: string;
  scrapeTimeout: string;
}

export interface Targets {
  activeTargets: Target[];
  droppedTargets?: { discoveredLabels: Labels; scrapePool?: string }[];
  droppedTargetCounts?: Record<string, number>;
}

export interface TsdbStat {
  name: string;
  value: number;
}

export interface TsdbStatus {
  headStats?: Record<string, number>;
  seriesCountByMetricName?: TsdbStat[];
  labelValueCountByLabelName?: TsdbStat[];
  memoryInBytesByLabelName?: TsdbStat[];
  seriesCountByLabelValuePair?: TsdbStat[];
}

export function queryInstant(
  query: string,
  timeSec: number,
  signal: AbortSignal,
): Promise<Envelope<QueryResult>> {
  const body = new URLSearchParams({ query, time: String(timeSec) });
  return requestEnvelope('api/v1/query', { method: 'POST', body, signal });
}

export interface RangeQuery {
  query: string;
  startSec: number;
  endSec: number;
  stepSec: number;
}

export function queryRange(range: RangeQuery, signal: AbortSignal): Promise<Envelope<QueryResult>> {
  const body = new URLSearchParams({
    query: range.query,
    start: String(range.startSec),
    end: String(range.endSec),
    step: String(range.stepSec),
  });
  return requestEnvelope('api/v1/query_range', { method: 'POST', body, signal });
}

export function formatQuery(query: string): Promise<string> {
  return requestData('api/v1/format_query', { method: 'POST', body: new URLSearchParams({ query }) });
}

export async function getRules(type: 'alert' | '' = '', signal?: AbortSignal): Promise<RuleGroup[]> {
  const path = type === '' ? 'api/v1/rules' : `api/v1/rules?type=${type}`;
  return (await requestData<{ groups: RuleGroup[] | null }>(path, { signal })).groups ?? [];
}

export function getTargets(signal: AbortSignal): Promise<Targets> {
  return requestData('api/v1/targets', { signal });
}

export function getStatus<T>(topic: string, signal: AbortSignal): Promise<T> {
  return requestData(`api/v1/status/${topic}`, { signal });
}
