import { describe, expect, it } from 'vitest';

import type { Timeline, TimelineRows } from '../../../api/traces';
import {
  clampRange,
  collapseAll,
  collapseLevel,
  expandLevel,
  pan,
  parentOf,
  reveal,
  rowMarks,
  ticks,
  visibleRows,
  zoom,
} from './timelineModel';

/** 0 ┬ 1 ┬ 2
 *    │   └ 3
 *    └ 4 ─ 5 */
const rows = {
  id: ['a', 'b', 'c', 'd', 'e', 'f'],
  depth: [0, 1, 2, 2, 1, 2],
  children: [2, 2, 0, 0, 1, 0],
  descendants: [5, 2, 0, 0, 1, 0],
} as unknown as TimelineRows;

const sorted = (set: ReadonlySet<number>) => [...set].sort();

describe('rows', () => {
  it('are hidden below those that are closed', () => {
    expect(visibleRows(rows, new Set())).toEqual([0, 1, 2, 3, 4, 5]);
    expect(visibleRows(rows, new Set([1]))).toEqual([0, 1, 4, 5]);
    expect(visibleRows(rows, new Set([0, 4]))).toEqual([0]);
  });

  it('close and open by level', () => {
    const one = collapseLevel(rows, new Set());
    expect(sorted(one)).toEqual([1, 4]);
    const two = collapseLevel(rows, one);
    expect(sorted(two)).toEqual([0, 1, 4]);
    expect(sorted(collapseLevel(rows, two))).toEqual([0, 1, 4]);
    expect(sorted(expandLevel(rows, two))).toEqual([1, 4]);
    expect(sorted(expandLevel(rows, one))).toEqual([]);
    expect(sorted(collapseAll(rows))).toEqual([0, 1, 4]);
  });

  it('come to light with all that is above them', () => {
    expect(sorted(reveal(rows, new Set([0, 1, 4]), 3))).toEqual([4]);
    const nothing = new Set([4]);
    expect(reveal(rows, nothing, 2)).toBe(nothing);
    expect(reveal(rows, nothing, 4)).toBe(nothing);
  });

  it('know their parents', () => {
    expect([0, 1, 2, 3, 4, 5].map((row) => parentOf(rows, row))).toEqual([-1, 0, 1, 1, 0, 4]);
  });
});

describe('the range', () => {
  it('stays within the whole', () => {
    expect(clampRange(-0.2, 0.3)).toEqual({ from: 0, to: 0.5 });
    expect(clampRange(0.8, 1.3)).toEqual({ from: 0.5, to: 1 });
    expect(clampRange(-3, 9)).toEqual({ from: 0, to: 1 });
    expect(clampRange(0.5, 0.5).to).toBeGreaterThan(0.5);
  });

  it('zooms around a point that stays where it is', () => {
    expect(zoom({ from: 0, to: 1 }, 2)).toEqual({ from: 0.25, to: 0.75 });
    expect(zoom({ from: 0, to: 1 }, 4, 0)).toEqual({ from: 0, to: 0.25 });
    expect(zoom({ from: 0.25, to: 0.75 }, 0.5)).toEqual({ from: 0, to: 1 });
  });

  it('moves by parts of itself', () => {
    expect(pan({ from: 0.25, to: 0.5 }, 1)).toEqual({ from: 0.5, to: 0.75 });
    expect(pan({ from: 0.25, to: 0.5 }, -9)).toEqual({ from: 0, to: 0.25 });
  });
});

it('puts ticks at round moments', () => {
  expect(ticks(0, 100, 5)).toEqual([0, 20, 40, 60, 80, 100]);
  expect(ticks(12, 19, 4)).toEqual([12, 14, 16, 18]);
  expect(ticks(5, 5, 4)).toEqual([5]);
});

it('sorts marks by row', () => {
  const marks = rowMarks({
    criticalPath: [0, 60, 100, 1, 20, 60, 0, 0, 20],
    events: [1, 30, 1, 40],
    orphans: [4],
  } as unknown as Timeline);
  expect(marks.critical.get(0)).toEqual([60, 100, 0, 20]);
  expect(marks.critical.get(1)).toEqual([20, 60]);
  expect(marks.events.get(1)).toEqual([30, 40]);
  expect(marks.orphans.has(4)).toBe(true);
});
