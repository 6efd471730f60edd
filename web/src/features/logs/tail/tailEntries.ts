import type { Direction, StreamElement } from '../../../api/loki';
import type { Labels } from '../../../api/prometheus';
import type { LogEntry } from '../entries/entries';

/**
 * A tail's frame mixes metadata and labels of the stream, since a browser cannot send the header that asks for them
 * apart. What is the name of no stream's label is metadata.
 */
export function withMetadataApart(
  streams: StreamElement[],
  streamLabels: ReadonlySet<string>,
): StreamElement[] {
  if (streamLabels.size === 0) {
    return streams;
  }
  return streams.map(({ stream, values }) => {
    const metadata: Labels = {};
    const own: Labels = {};
    for (const [name, value] of Object.entries(stream)) {
      (streamLabels.has(name) ? own : metadata)[name] = value;
    }
    return {
      stream: own,
      values: values.map(([timeNs, line, extras]) => [
        timeNs,
        line,
        { ...extras, structuredMetadata: { ...metadata, ...extras?.structuredMetadata } },
      ]),
    };
  });
}

/** Adds new entries, given oldest first, where the newest are shown, and lets the oldest go beyond the limit. */
export function addNewest(
  shown: LogEntry[],
  added: LogEntry[],
  direction: Direction,
  limit: number,
): { entries: LogEntry[]; forgotten: boolean } {
  const forgotten = shown.length + added.length > limit;
  if (direction === 'forward') {
    const all = [...shown, ...added];
    return { entries: forgotten ? all.slice(all.length - limit) : all, forgotten };
  }
  return { entries: [...added].reverse().concat(shown).slice(0, limit), forgotten };
}
