import type { Labels } from '../../../api/prometheus';
import { queryLink } from '../../../shared/links';
import type { LogEntry } from './entries';
import { fieldValue } from './fields';

const traceFields = ['trace_id', 'traceID', 'traceId', 'TraceId', 'traceid', 'trace'];
const spanFields = ['span_id', 'spanID', 'spanId', 'SpanId', 'spanid'];
const traceParents = ['traceparent', 'trace_parent'];

/** The id of the trace that a line belongs to, from its metadata, fields or W3C trace context. */
export function traceIdOf(entry: LogEntry): string | null {
  for (const name of traceFields) {
    const value = fieldValue(entry, name);
    if (value !== undefined && isTraceId(value)) {
      return value.toLowerCase();
    }
  }
  for (const name of traceParents) {
    const id = /^[0-9a-f]{2}-([0-9a-f]{32})-[0-9a-f]{16}-[0-9a-f]{2}/i.exec(
      fieldValue(entry, name) ?? '',
    )?.[1];
    if (id !== undefined && isTraceId(id)) {
      return id.toLowerCase();
    }
  }
  return null;
}

/** The id of the span that wrote a line, where the line says it; empty where it does not. */
export function spanIdOf(entry: LogEntry): string {
  const id = spanFields.map((name) => fieldValue(entry, name)).find((value) => value !== undefined) ?? '';
  return /^[0-9a-f]{16}$/i.test(id) ? id.toLowerCase() : '';
}

/** 64 or 128 bits in hexadecimal digits, not all zero: that is how the absence of a trace is written. */
function isTraceId(value: string): boolean {
  return /^(?:[0-9a-f]{16}|[0-9a-f]{32})$/i.test(value) && !/^0+$/.test(value);
}

export interface RelatedMetrics {
  title: string;
  to: string;
}

/** Metrics of what wrote the line: which there are of its pod, and whether its instance and its job are up. */
export function relatedMetrics({ stream }: LogEntry): RelatedMetrics[] {
  const links: RelatedMetrics[] = [];
  const add = (title: string, expr: string, tab: 'graph' | 'table') =>
    links.push({ title, to: queryLink(expr, '1h', tab) });
  if (stream.pod) {
    const labels = pick(stream, ['namespace', 'pod']);
    add('Metrics of this pod', `sort_desc(count by (__name__) (${selector(labels)}))`, 'table');
  }
  if (stream.instance) {
    add('Is this instance up', `up${selector(pick(stream, ['job', 'instance']))}`, 'graph');
  } else if (stream.job) {
    add('Is this job up', `up${selector(pick(stream, ['job']))}`, 'graph');
  }
  return links;
}

function pick(labels: Labels, names: string[]): [string, string][] {
  return names.filter((name) => labels[name]).map((name) => [name, labels[name]]);
}

const selector = (labels: [string, string][]) =>
  `{${labels.map(([name, value]) => `${name}=${JSON.stringify(value)}`).join(', ')}}`;
