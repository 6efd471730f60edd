import { describe, expect, it } from 'vitest';

import { patternRows } from './patternRows';

describe('patternRows', () => {
  it('counts, spreads over the bars and sorts by frequency', () => {
    const rows = patternRows(
      [
        { pattern: 'rare <_>', samples: [[100, 1]] },
        {
          pattern: 'frequent <_>',
          level: 'info',
          samples: [
            [60, 2],
            [110, 3],
            [9999, 1],
          ],
        },
      ],
      { startSec: 60, endSec: 180, stepSec: 60 },
    );
    expect(rows.map(({ pattern, count, counts }) => [pattern, count, counts])).toEqual([
      ['frequent <_>', 6, [2, 3, 1]],
      ['rare <_>', 1, [0, 1, 0]],
    ]);
  });
});
