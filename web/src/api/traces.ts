import { request } from './http';

/** Nanoseconds since 1970 as decimal text: too large for a number. */
export type TimeNs = string;

export interface TraceSummary {
  traceId: string;
  rootService: string;
  rootName: string;
  startNs: TimeNs;
  durationNs: number;
  spans: number;
  errors: number;
  orphans: number;
  services: { name: string; spans: number; errors: number }[];
}

export interface TracePage {
  traces: TraceSummary[];
  next?: string;
  /** Whether all that fit were put in order, rather than the newest of them. */
  whole: boolean;
}

export interface TimeSpanMs {
  fromMs: number;
  toMs: number;
}

/** One list for each column; rows are depth first. */
export interface TimelineRows {
  id: string[];
  depth: number[];
  children: number[];
  descendants: number[];
  start: number[];
  duration: number[];
  service: number[];
  operation: number[];
  kind: number[];
  error: number[];
}

export interface Timeline {
  traceId: string;
  startNs: TimeNs;
  durationNs: number;
  spans: number;
  errors: number;
  leftOut: number;
  services: string[];
  operations: string[];
  rows: TimelineRows;
  /** Pairs of row and moment. */
  events: number[];
  orphans: number[];
  /** Triples of row, start and end. */
  criticalPath: number[];
}

export interface SpanAttribute {
  key: string;
  type: 'text' | 'bool' | 'int' | 'double' | 'bytes' | 'array' | 'map' | 'empty';
  value: string;
}

export interface SpanEvent {
  timeNs: TimeNs;
  relativeNs: number;
  name: string;
  attributes: SpanAttribute[];
}

export interface SpanLink {
  traceId: string;
  spanId: string;
  attributes: SpanAttribute[];
}

export interface TraceSpan {
  traceId: string;
  spanId: string;
  parentSpanId?: string;
  service: string;
  operation: string;
  kind: string;
  status: string;
  statusMessage: string;
  startNs: TimeNs;
  relativeStartNs: number;
  durationNs: number;
  selfNs: number;
  traceState: string;
  flags: number;
  orphan: boolean;
  attributes: SpanAttribute[];
  droppedAttributes: number;
  resource: SpanAttribute[];
  scope: { name: string; version: string; attributes: SpanAttribute[] };
  events: SpanEvent[];
  droppedEvents: number;
  links: SpanLink[];
  droppedLinks: number;
}

export interface SpanGroup {
  name: string;
  spans: number;
  errors: number;
  totalNs: number;
  averageNs: number;
  minNs: number;
  maxNs: number;
  selfTotalNs: number;
  selfAverageNs: number;
  selfMinNs: number;
  selfMaxNs: number;
  parts: SpanGroup[];
}

export interface FlameNode {
  service: string;
  operation: string;
  parent: number;
  depth: number;
  spans: number;
  errors: number;
  durationNs: number;
  selfNs: number;
  weightNs: number;
}

export interface ComparedSide {
  traceId: string;
  service: string;
  operation: string;
  startNs: TimeNs;
  durationNs: number;
  spans: number;
}

export interface ComparedNode {
  service: string;
  operation: string;
  parent: number;
  depth: number;
  spansA: number;
  spansB: number;
  errorsA: number;
  errorsB: number;
  durationA: number;
  durationB: number;
}

export interface Comparison {
  a: ComparedSide;
  b: ComparedSide;
  nodes: ComparedNode[];
}

const base = 'api/pharos/traces';

const ofTrace = <T>(id: string, path: string, signal?: AbortSignal): Promise<T> =>
  request(`${base}/${encodeURIComponent(id)}${path}`, { signal });

const range = ({ fromMs, toMs }: TimeSpanMs): Record<string, string> => ({
  start: (fromMs / 1000).toFixed(3),
  end: (toMs / 1000).toFixed(3),
});

export function findTraces(
  question: URLSearchParams,
  time: TimeSpanMs,
  from: string,
  signal?: AbortSignal,
): Promise<TracePage> {
  const params = new URLSearchParams(question);
  Object.entries(range(time)).forEach(([name, value]) => params.set(name, value));
  if (from !== '') {
    params.set('from', from);
  }
  return request(`${base}?${params}`, { signal });
}

const names = async <T>(
  path: string,
  list: string,
  params: Record<string, string>,
  signal?: AbortSignal,
): Promise<T[]> =>
  (await request<Record<string, T[]>>(`${base}/${path}?${new URLSearchParams(params)}`, { signal }))[list];

export const getServices = (time: TimeSpanMs, signal?: AbortSignal) =>
  names<string>('services', 'services', range(time), signal);

export const getOperations = (service: string, time: TimeSpanMs, signal?: AbortSignal) =>
  names<{ name: string; kind: string }>('operations', 'operations', { service, ...range(time) }, signal);

export const getAttributeKeys = (time: TimeSpanMs, signal?: AbortSignal) =>
  names<string>('attributes', 'keys', range(time), signal);

export const getAttributeValues = (key: string, time: TimeSpanMs, signal?: AbortSignal) =>
  names<string>('attributes/values', 'values', { key, ...range(time) }, signal);

export const getTimeline = (id: string, signal?: AbortSignal) => ofTrace<Timeline>(id, '', signal);

export const getSpan = (id: string, spanId: string, row: number, signal?: AbortSignal) =>
  ofTrace<TraceSpan>(id, `/spans/${spanId}?row=${row}`, signal);

export const findInTrace = async (id: string, text: string, signal?: AbortSignal): Promise<number[]> =>
  (await ofTrace<{ rows: number[] }>(id, `/find?${new URLSearchParams({ text })}`, signal)).rows;

export const getStatistics = async (
  id: string,
  by: string,
  then: string,
  signal?: AbortSignal,
): Promise<SpanGroup[]> =>
  (await ofTrace<{ groups: SpanGroup[] }>(id, `/statistics?${new URLSearchParams({ by, then })}`, signal))
    .groups;

export const getFlame = async (id: string, signal?: AbortSignal): Promise<FlameNode[]> =>
  (await ofTrace<{ nodes: FlameNode[] }>(id, '/flame', signal)).nodes;

export const compareTraces = (a: string, b: string, signal?: AbortSignal) =>
  ofTrace<Comparison>(a, `/compare?${new URLSearchParams({ with: b })}`, signal);

/** The trace as Jaeger's clients know it. */
export const getJaegerTrace = (id: string, signal?: AbortSignal): Promise<unknown> =>
  request(`api/traces/${encodeURIComponent(id)}`, { signal });
