import { compareNs } from './nanoseconds';
import type { Direction, StreamElement, TimeNs } from '../../../api/loki';
import type { Labels } from '../../../api/prometheus';
import { levelOf, type Level } from './levels';

export interface LogEntry {
  /** Names the entry in lists and links: its time, and a hash of all that it says. */
  key: string;
  timeNs: TimeNs;
  line: string;
  stream: Labels;
  metadata: Labels;
  /** What the stages of the query extracted. */
  parsed: Labels;
  level: Level;
}

const nothing: Labels = {};

/** The entries of all streams in one order of time. Twins that agree in everything are numbered. */
export function entriesOf(streams: StreamElement[], direction: Direction): LogEntry[] {
  const entries: LogEntry[] = [];
  for (const { stream, values } of streams) {
    const name = JSON.stringify(stream);
    for (const [timeNs, line, extras] of values) {
      const metadata = extras?.structuredMetadata ?? nothing;
      const parsed = extras?.parsed ?? nothing;
      // What the query extracts does not count: the same entry keeps its name when a stage is added.
      const text = extras?.structuredMetadata ? name + line + JSON.stringify(metadata) : name + line;
      entries.push({
        key: `${timeNs}-${hash(text)}`,
        timeNs,
        line,
        stream,
        metadata,
        parsed,
        level: levelOf(metadata, stream, parsed),
      });
    }
  }
  const sign = direction === 'forward' ? 1 : -1;
  // Sorting is stable: entries of one nanosecond keep the server's order.
  entries.sort((a, b) => sign * compareNs(a.timeNs, b.timeNs));
  return numberTwins(entries);
}

function numberTwins(entries: LogEntry[]): LogEntry[] {
  const seen = new Map<string, number>();
  for (const entry of entries) {
    const count = (seen.get(entry.key) ?? 0) + 1;
    seen.set(entry.key, count);
    if (count > 1) {
      entry.key = `${entry.key}.${count}`;
    }
  }
  return entries;
}

/** FNV-1a, 32 bits: enough to tell the lines of one nanosecond apart. */
function hash(text: string): string {
  let state = 0x811c9dc5;
  for (let i = 0; i < text.length; i++) {
    state = Math.imul(state ^ text.charCodeAt(i), 0x01000193);
  }
  return (state >>> 0).toString(36);
}
