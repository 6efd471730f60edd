import type { Timeline, TimelineRows } from '../../../api/traces';

/** What is shown of a trace's time, as parts of the whole: 0 is its start, 1 its end. */
export interface ViewRange {
  from: number;
  to: number;
}

export const wholeRange: ViewRange = { from: 0, to: 1 };

/** No deeper than this; closer looks show nothing that was measured. */
const smallestWidth = 1e-6;

/** The rows that no collapsed row hides, in order. */
export function visibleRows(rows: TimelineRows, collapsed: ReadonlySet<number>): number[] {
  const visible: number[] = [];
  const count = rows.id.length;
  for (let row = 0; row < count; row += collapsed.has(row) ? rows.descendants[row] + 1 : 1) {
    visible.push(row);
  }
  return visible;
}

/** Every row that has something below it. */
export function collapseAll(rows: TimelineRows): Set<number> {
  const all = new Set<number>();
  rows.children.forEach((children, row) => {
    if (children > 0) {
      all.add(row);
    }
  });
  return all;
}

/** Closes the deepest level of rows that are open. */
export function collapseLevel(rows: TimelineRows, collapsed: ReadonlySet<number>): Set<number> {
  const open = visibleRows(rows, collapsed).filter((row) => rows.children[row] > 0 && !collapsed.has(row));
  const deepest = open.reduce((depth, row) => Math.max(depth, rows.depth[row]), -1);
  const next = new Set(collapsed);
  open.filter((row) => rows.depth[row] === deepest).forEach((row) => next.add(row));
  return next;
}

/** Opens the highest level of rows that are closed. */
export function expandLevel(rows: TimelineRows, collapsed: ReadonlySet<number>): Set<number> {
  const closed = visibleRows(rows, collapsed).filter((row) => collapsed.has(row));
  const highest = closed.reduce((depth, row) => Math.min(depth, rows.depth[row]), Infinity);
  const next = new Set(collapsed);
  closed.filter((row) => rows.depth[row] === highest).forEach((row) => next.delete(row));
  return next;
}

/** The same rows, with nothing closed above one of them. */
export function reveal(rows: TimelineRows, collapsed: ReadonlySet<number>, row: number): ReadonlySet<number> {
  const above = [...collapsed].filter((parent) => parent < row && row <= parent + rows.descendants[parent]);
  if (above.length === 0) {
    return collapsed;
  }
  const next = new Set(collapsed);
  above.forEach((parent) => next.delete(parent));
  return next;
}

export function parentOf(rows: TimelineRows, row: number): number {
  for (let at = row - 1; at >= 0; at--) {
    if (rows.depth[at] < rows.depth[row]) {
      return at;
    }
  }
  return -1;
}

/** A range within the whole of at least the smallest width, moved rather than cut where it reaches out. */
export function clampRange(from: number, to: number): ViewRange {
  const width = Math.min(1, Math.max(smallestWidth, to - from));
  const start = Math.min(1 - width, Math.max(0, from));
  return { from: start, to: start + width };
}

/** @param by above 1 shows less, below 1 shows more */
export function zoom(range: ViewRange, by: number, around = (range.from + range.to) / 2): ViewRange {
  const width = Math.min(1, (range.to - range.from) / by);
  const part = (around - range.from) / (range.to - range.from);
  return clampRange(around - part * width, around - part * width + width);
}

/** @param by in widths of what is shown; negative goes back */
export function pan(range: ViewRange, by: number): ViewRange {
  const way = (range.to - range.from) * by;
  return clampRange(range.from + way, range.to + way);
}

const niceSteps = [1, 2, 2.5, 5, 10];

/** Round moments in nanoseconds, at most so many, for the scale above the bars. */
export function ticks(fromNs: number, toNs: number, most: number): number[] {
  const width = toNs - fromNs;
  if (width <= 0) {
    return [fromNs];
  }
  const rough = width / most;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = power * (niceSteps.find((nice) => nice * power >= rough) ?? 10);
  const found: number[] = [];
  for (let at = Math.ceil(fromNs / step) * step; at <= toNs; at += step) {
    found.push(at);
  }
  return found;
}

export interface RowMarks {
  /** Pairs of start and end on the critical path. */
  critical: ReadonlyMap<number, number[]>;
  events: ReadonlyMap<number, number[]>;
  orphans: ReadonlySet<number>;
}

/** By row, what the answer has in one list for all. */
export function rowMarks(timeline: Timeline): RowMarks {
  const critical = new Map<number, number[]>();
  const events = new Map<number, number[]>();
  const add = (to: Map<number, number[]>, row: number, ...values: number[]) => {
    const known = to.get(row);
    if (known) {
      known.push(...values);
    } else {
      to.set(row, values);
    }
  };
  for (let i = 0; i < timeline.criticalPath.length; i += 3) {
    add(critical, timeline.criticalPath[i], timeline.criticalPath[i + 1], timeline.criticalPath[i + 2]);
  }
  for (let i = 0; i < timeline.events.length; i += 2) {
    add(events, timeline.events[i], timeline.events[i + 1]);
  }
  return { critical, events, orphans: new Set(timeline.orphans) };
}
