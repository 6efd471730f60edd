import type { Direction, NsRange, TimeNs } from '../../../api/loki';
import type { LogEntry } from './entries';
import { addNs } from './nanoseconds';

/** Where a page of lines begins, and what of its first nanosecond the pages before have shown. */
export interface PageStart {
  /** Null for the first page. */
  boundaryNs: TimeNs | null;
  seen: string[];
  limit: number;
}

export interface Page {
  start: PageStart;
  /** Without those that earlier pages hold. */
  entries: LogEntry[];
  /** How many lines the server sent. */
  received: number;
}

export const pageSize = 1000;
/** Loki's usual max_entries_limit_per_query. */
const largestPage = 5000;

export const firstPage: PageStart = { boundaryNs: null, seen: [], limit: pageSize };

/**
 * The range of a page. It holds the whole nanosecond at which the page before ended, since more entries of that
 * nanosecond may exist than fitted: what was shown already is dropped by its key.
 */
export function pageRange(range: NsRange, direction: Direction, start: PageStart): NsRange {
  if (start.boundaryNs === null) {
    return range;
  }
  return direction === 'backward'
    ? { startNs: range.startNs, endNs: addNs(start.boundaryNs, 1n) }
    : { startNs: start.boundaryNs, endNs: range.endNs };
}

export function makePage(start: PageStart, received: LogEntry[]): Page {
  const seen = new Set(start.seen);
  return { start, entries: received.filter((entry) => !seen.has(entry.key)), received: received.length };
}

/** Where the next page begins; undefined when the range is read to its end. */
export function nextPage(page: Page, direction: Direction): PageStart | undefined {
  const { start, entries, received } = page;
  if (received < start.limit) {
    return undefined;
  }
  const last = entries.at(-1);
  if (last) {
    const kept = last.timeNs === start.boundaryNs ? start.seen : [];
    const seen = [...kept, ...entries.filter(({ timeNs }) => timeNs === last.timeNs).map(({ key }) => key)];
    const limit = Math.min(largestPage, Math.max(pageSize, seen.length * 2));
    return { boundaryNs: last.timeNs, seen, limit };
  }
  if (start.boundaryNs === null) {
    return undefined;
  }
  // The page was filled by one nanosecond that is known already: ask for more of it, or else step over it.
  return start.limit < largestPage
    ? { ...start, limit: largestPage }
    : { boundaryNs: addNs(start.boundaryNs, direction === 'backward' ? -1n : 1n), seen: [], limit: pageSize };
}
