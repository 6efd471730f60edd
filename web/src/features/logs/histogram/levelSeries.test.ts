import { describe, expect, it } from 'vitest';

import { barsOf, countLevels, countQuery } from './levelSeries';

describe('barsOf', () => {
  it('covers the range with whole steps', () => {
    const fromMs = 1_700_000_123_000;
    const bars = barsOf(fromMs, fromMs + 3_600_000);
    expect(bars.stepSec).toBe(60);
    expect(bars.startSec % 60).toBe(0);
    // The first bar begins at or before the range, the last one ends at or behind it.
    expect((bars.startSec - bars.stepSec) * 1000).toBeLessThanOrEqual(fromMs);
    expect(bars.endSec * 1000).toBeGreaterThanOrEqual(fromMs + 3_600_000);
  });

  it('never draws hundreds of bars, nor none', () => {
    for (const hours of [0.001, 0.1, 1, 24, 24 * 30, 24 * 365 * 5]) {
      const { startSec, endSec, stepSec } = barsOf(1.7e12 - hours * 3_600_000, 1.7e12);
      const count = (endSec - startSec) / stepSec + 1;
      expect(count).toBeGreaterThanOrEqual(1);
      expect(count).toBeLessThanOrEqual(72);
    }
  });
});

describe('countLevels', () => {
  it('merges spellings, orders levels and fills what is missing with zero', () => {
    const { chart: data, levels } = countLevels(
      [
        { metric: { detected_level: 'info' }, values: [[120, '3']] },
        { metric: { detected_level: 'warn' }, values: [[60, '1']] },
        { metric: { detected_level: 'WARNING' }, values: [[60, '2']] },
        { metric: {}, values: [[180, '5']] },
      ],
      { startSec: 60, endSec: 180, stepSec: 60 },
    );
    expect(data.times).toEqual([30_000, 90_000, 150_000]);
    expect(data.series.map(({ name, values }) => [name, values])).toEqual([
      ['warn', [3, 0, 0]],
      ['info', [0, 3, 0]],
      ['unknown', [0, 0, 5]],
    ]);
    expect(levels).toEqual([
      { level: 'warn', lines: 3, names: ['WARNING', 'warn'] },
      { level: 'info', lines: 3, names: ['info'] },
      { level: 'unknown', lines: 5, names: [''] },
    ]);
  });
});

describe('countQuery', () => {
  it('survives a comment at the end of the query', () => {
    expect(countQuery('{a="b"} |= "x" # why', 60)).toBe(
      'sum by (detected_level) (count_over_time({a="b"} |= "x" # why\n [60s]))',
    );
  });

  it('counts lines that a stage cannot read', () => {
    expect(countQuery('{a="b"} | json', 60)).toBe(
      'sum by (detected_level) (count_over_time({a="b"} | json\n | drop __error__, __error_details__ [60s]))',
    );
  });
});
