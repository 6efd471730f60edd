import type { LogPattern } from '../../../api/loki';
import type { Bars } from '../histogram/levelSeries';

export interface PatternRow {
  pattern: string;
  level: string;
  count: number;
  /** Lines in each bar of the range. */
  counts: number[];
}

/** The patterns by frequency, each with its counts on the bars of the range. */
export function patternRows(patterns: LogPattern[], { startSec, endSec, stepSec }: Bars): PatternRow[] {
  const length = Math.round((endSec - startSec) / stepSec) + 1;
  return patterns
    .map(({ pattern, level, samples }) => {
      const counts = new Array<number>(length).fill(0);
      let count = 0;
      for (const [timeSec, amount] of samples) {
        const slot = Math.min(length - 1, Math.max(0, Math.ceil((timeSec - startSec) / stepSec)));
        counts[slot] += amount;
        count += amount;
      }
      return { pattern, level: level ?? '', count, counts };
    })
    .sort((a, b) => b.count - a.count);
}
