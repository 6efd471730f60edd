import { basePath, request, requestData, type Envelope } from './http';
import type { Labels, MatrixElement, VectorElement } from './prometheus';

/** Nanoseconds since 1970 as decimal text: too large for a number. */
export type TimeNs = string;

export interface EntryExtras {
  structuredMetadata?: Labels;
  parsed?: Labels;
}

export type EntryTuple = [TimeNs, string] | [TimeNs, string, EntryExtras];

export interface StreamElement {
  stream: Labels;
  values: EntryTuple[];
}

export interface LokiStats {
  summary?: {
    totalBytesProcessed?: number;
    totalLinesProcessed?: number;
    execTime?: number;
  };
}

export type LokiResult =
  | { resultType: 'streams'; result: StreamElement[]; stats?: LokiStats }
  | { resultType: 'matrix'; result: MatrixElement[]; stats?: LokiStats }
  | { resultType: 'vector'; result: VectorElement[]; stats?: LokiStats }
  | { resultType: 'scalar'; result: [number, string]; stats?: LokiStats };

export type Direction = 'backward' | 'forward';

export interface NsRange {
  /** Inclusive. */
  startNs: TimeNs;
  /** Exclusive. */
  endNs: TimeNs;
}

export interface LogPattern {
  pattern: string;
  level?: string;
  samples: [number, number][];
}

export interface DetectedField {
  label: string;
  type: string;
  cardinality: number;
  parsers: string[] | null;
}

/** Lines apart from their metadata and parsed fields, which would else be mixed into the stream's labels. */
const categorized = { 'X-Loki-Response-Encoding-Flags': 'categorize-labels' };

const inRange = ({ startNs, endNs }: NsRange) => ({ start: startNs, end: endNs });

/** The query's own parts are in the body: a long query is longer than an address may be. */
function ask(
  path: string,
  form: Record<string, string>,
  signal?: AbortSignal,
): Promise<Envelope<LokiResult>> {
  return request(`loki/api/v1/${path}`, {
    method: 'POST',
    body: new URLSearchParams(form),
    headers: categorized,
    signal,
  });
}

export function queryLines(
  query: string,
  range: NsRange,
  direction: Direction,
  limit: number,
  signal?: AbortSignal,
): Promise<Envelope<LokiResult>> {
  return ask('query_range', { query, ...inRange(range), direction, limit: String(limit) }, signal);
}

export function queryMetric(
  query: string,
  range: { startSec: number; endSec: number; stepSec: number },
  signal?: AbortSignal,
): Promise<Envelope<LokiResult>> {
  const { startSec, endSec, stepSec } = range;
  return ask(
    'query_range',
    { query, start: startSec.toFixed(3), end: endSec.toFixed(3), step: String(stepSec) },
    signal,
  );
}

export function queryMoment(
  query: string,
  atNs: TimeNs,
  signal?: AbortSignal,
): Promise<Envelope<LokiResult>> {
  return ask('query', { query, time: atNs }, signal);
}

const get = async <T>(path: string, params: Record<string, string>, signal?: AbortSignal): Promise<T> =>
  request<T>(`loki/api/v1/${path}?${new URLSearchParams(params)}`, { signal });

export async function getLabelNames(range: NsRange, signal?: AbortSignal): Promise<string[]> {
  return (await get<Envelope<string[] | undefined>>('labels', inRange(range), signal)).data ?? [];
}

/** The values of a label, of all streams or of those that a selector chooses. */
export async function getLabelValues(
  name: string,
  range: NsRange,
  selector: string,
  signal?: AbortSignal,
): Promise<string[]> {
  const params = selector === '' ? inRange(range) : { ...inRange(range), query: selector };
  const path = `label/${encodeURIComponent(name)}/values`;
  return (await get<Envelope<string[] | undefined>>(path, params, signal)).data ?? [];
}

/** Bytes by value of a label, the largest first. */
export async function getVolume(
  selector: string,
  targetLabel: string,
  range: NsRange,
  signal?: AbortSignal,
): Promise<{ value: string; bytes: number }[]> {
  const params = {
    query: selector,
    targetLabels: targetLabel,
    aggregateBy: 'series',
    limit: '500',
    ...inRange(range),
  };
  const { data } = await get<Envelope<{ result: VectorElement[] | null }>>('index/volume', params, signal);
  return (data.result ?? [])
    .map((element) => ({ value: element.metric[targetLabel] ?? '', bytes: Number(element.value?.[1] ?? 0) }))
    .filter(({ value }) => value !== '')
    .sort((a, b) => b.bytes - a.bytes);
}

export async function getPatterns(
  query: string,
  range: NsRange,
  stepSec: number,
  signal?: AbortSignal,
): Promise<LogPattern[]> {
  const params = { query, ...inRange(range), step: `${stepSec}s` };
  return (await get<{ data?: LogPattern[] | null }>('patterns', params, signal)).data ?? [];
}

export async function getDetectedFields(
  query: string,
  range: NsRange,
  lineLimit: number,
  signal?: AbortSignal,
): Promise<DetectedField[]> {
  const params = { query, ...inRange(range), line_limit: String(lineLimit), limit: '1000' };
  return (await get<{ fields?: DetectedField[] | null }>('detected_fields', params, signal)).fields ?? [];
}

export function formatLogQuery(query: string): Promise<string> {
  return requestData('loki/api/v1/format_query', { method: 'POST', body: new URLSearchParams({ query }) });
}

export interface TailFrame {
  streams: StreamElement[] | null;
  encodingFlags?: string[];
  dropped_entries?: { labels: Labels; timestamp: string }[] | null;
}

/** Opens the stream of new lines; `limit` is how many older ones come first. */
export function openTail(query: string, startNs: TimeNs, limit: number): WebSocket {
  // A browser cannot send the header: Pharos takes the same by a parameter, others mix metadata and labels.
  const encodingFlags = 'categorize-labels';
  const params = new URLSearchParams({ query, start: startNs, limit: String(limit), encodingFlags });
  const address = new URL(`${basePath}loki/api/v1/tail?${params}`, location.href);
  address.protocol = address.protocol === 'https:' ? 'wss:' : 'ws:';
  return new WebSocket(address);
}
