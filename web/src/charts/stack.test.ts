import { describe, expect, it } from 'vitest';

import { stackSeries } from './stack';

describe('stackSeries', () => {
  it('piles visible series and leaves gaps open', () => {
    const stacked = stackSeries(
      [
        [1, 2, null],
        [10, null, 30],
      ],
      [true, true],
      'normal',
    );
    expect(stacked).toEqual([
      [1, 2, null],
      [11, null, 30],
    ]);
  });

  it('ignores hidden series', () => {
    const stacked = stackSeries([[1], [5], [2]], [true, false, true], 'normal');
    expect(stacked[2]).toEqual([3]);
  });

  it('shares out to one hundred percent', () => {
    const stacked = stackSeries(
      [
        [1, 0],
        [3, 0],
      ],
      [true, true],
      'percent',
    );
    expect(stacked).toEqual([
      [25, 0],
      [100, 0],
    ]);
  });
});
