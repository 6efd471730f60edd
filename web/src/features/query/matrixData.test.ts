import { describe, expect, it } from 'vitest';

import { matrixData } from './matrixData';

describe('matrixData', () => {
  it('puts samples on the grid and leaves gaps', () => {
    const data = matrixData(
      [
        {
          metric: { __name__: 'up', job: 'a' },
          values: [
            [100, '1'],
            [130, '3'],
          ],
        },
      ],
      { startSec: 100, endSec: 130, stepSec: 15 },
    );
    expect(data.times).toEqual([100_000, 115_000, 130_000]);
    expect(data.series[0].values).toEqual([1, null, 3]);
    expect(data.series[0].name).toBe('up{job="a"}');
  });

  it('draws nothing where the value is not a number', () => {
    const data = matrixData([{ metric: {}, values: [[0, 'NaN']] }], { startSec: 0, endSec: 0, stepSec: 1 });
    expect(data.series[0].values).toEqual([null]);
  });
});
