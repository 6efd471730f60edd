import { describe, expect, it } from 'vitest';

import { RowHeights } from './rowHeights';

describe('RowHeights', () => {
  it('finds rows by offset before and after measuring', () => {
    const rows = new RowHeights(20);
    rows.setCount(100_000);
    expect(rows.total).toBe(2_000_000);
    expect(rows.indexAt(1_000_010)).toBe(50_000);
    expect(rows.set(10, 120)).toBe(true);
    expect(rows.set(10, 120)).toBe(false);
    expect(rows.top(11)).toBe(320);
    expect(rows.total).toBe(2_000_100);
    expect(rows.indexAt(1_000_110)).toBe(50_000);
    expect(rows.indexAt(-5)).toBe(0);
    expect(rows.indexAt(9_000_000)).toBe(99_999);
  });

  it('keeps what it knows when rows are added, and forgets rows that are gone', () => {
    const rows = new RowHeights(10);
    rows.setCount(3);
    rows.set(1, 50);
    rows.setCount(5);
    expect(rows.total).toBe(90);
    rows.setCount(1);
    rows.setCount(2);
    expect(rows.total).toBe(20);
  });

  it('agrees with plain sums whatever is measured in between', () => {
    const rows = new RowHeights(7);
    const plain = new Array<number>(500).fill(7);
    rows.setCount(500);
    let seed = 42;
    const random = (below: number) => (seed = (seed * 1103515245 + 12345) & 0x7fffffff) % below;
    for (let i = 0; i < 2000; i++) {
      const index = random(500);
      const height = 5 + random(90);
      rows.set(index, height);
      plain[index] = height;
      const at = random(500);
      expect(rows.top(at)).toBe(plain.slice(0, at).reduce((sum, h) => sum + h, 0));
      expect(rows.indexAt(rows.top(at))).toBe(at);
    }
  });
});
