import type { MatrixElement } from '../../api/prometheus';
import type { ChartData } from '../../charts/chartTypes';
import { seriesColor } from '../../charts/palette';
import { seriesName } from './seriesName';

export interface Grid {
  startSec: number;
  endSec: number;
  stepSec: number;
}

/** Lays a range query's answer on its grid of times, so that all series share one time array. */
export function matrixData(matrix: MatrixElement[], { startSec, endSec, stepSec }: Grid): ChartData {
  const length = Math.floor((endSec - startSec) / stepSec + 1e-6) + 1;
  const times = Array.from({ length }, (_, i) => Math.round((startSec + i * stepSec) * 1000));
  const series = matrix.map((element, index) => {
    const values = new Array<number | null>(length).fill(null);
    for (const [timeSec, text] of element.values ?? []) {
      const slot = Math.round((timeSec - startSec) / stepSec);
      const value = Number(text);
      if (slot >= 0 && slot < length && Number.isFinite(value)) {
        values[slot] = value;
      }
    }
    return { name: seriesName(element.metric), color: seriesColor(index), values };
  });
  return { times, series };
}
