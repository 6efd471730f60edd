import type { NsRange } from '../../../api/loki';
import type { TraceSpan } from '../../../api/traces';
import { fieldValue } from '../../logs/entries/fields';
import type { LogEntry } from '../../logs/entries/entries';

/** Lines are written a little before and after the work that they tell of. */
const slackNs = 60_000_000_000n;

const spanFields = ['span_id', 'spanId', 'spanID', 'SpanId', 'spanid'];

/** The lines that say a trace's id in their text, and those that have it as structured metadata. */
export function traceLineQueries(traceId: string): string[] {
  const id = JSON.stringify(traceId);
  return [`{service_name=~".+"} |= ${id}`, `{service_name=~".+"} | trace_id=${id}`];
}

/** The time of a span, with some before and after. */
export function timeAround(span: TraceSpan): NsRange {
  const start = BigInt(span.startNs);
  const end = start + BigInt(Math.ceil(span.durationNs));
  return { startNs: (start - slackNs).toString(), endNs: (end + slackNs).toString() };
}

/** Whether a line says that it is of this span. */
export function isOfSpan(entry: LogEntry, spanId: string): boolean {
  for (const name of spanFields) {
    const value = fieldValue(entry, name);
    if (value !== undefined) {
      return value.toLowerCase() === spanId;
    }
  }
  return entry.line.includes(spanId);
}

/** Both answers as one list by time, each line once. */
export function mergeLines(lists: LogEntry[][]): LogEntry[] {
  const seen = new Map<string, LogEntry>();
  lists.flat().forEach((entry) => seen.set(entry.key, entry));
  return [...seen.values()].sort((a, b) => (BigInt(a.timeNs) < BigInt(b.timeNs) ? -1 : 1));
}
