import type { MatrixElement } from '../../../api/prometheus';
import type { ChartData } from '../../../charts/chartTypes';
import { levelColors, levelFromName, levels, type Level } from '../lines/levels';

export interface Bars {
  startSec: number;
  endSec: number;
  stepSec: number;
}

const steps = [
  1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 10_800, 21_600, 43_200, 86_400, 172_800,
  604_800,
];
const wantedBars = 70;

/** Bars of a round width that cover the range; each evaluation counts the step that ends there. */
export function barsOf(fromMs: number, toMs: number): Bars {
  const rangeSec = (toMs - fromMs) / 1000;
  const stepSec = steps.find((step) => rangeSec / step <= wantedBars) ?? Math.ceil(rangeSec / wantedBars);
  const startSec = Math.floor(fromMs / 1000 / stepSec) * stepSec + stepSec;
  const endSec = Math.max(startSec, Math.ceil(toMs / 1000 / stepSec) * stepSec);
  return { startSec, endSec, stepSec };
}

/** The query that counts a log query's lines by level; lines that a parser could not read are counted as well. */
export function countQuery(query: string, stepSec: number): string {
  // A comment at the end would swallow what is appended.
  return `sum by (detected_level) (count_over_time(${query}\n | drop __error__, __error_details__ [${stepSec}s]))`;
}

/** The counts as one series for each level that occurs, the gravest at the bottom of the pile, each bar at its middle. */
export function levelChart(matrix: MatrixElement[], { startSec, endSec, stepSec }: Bars): ChartData {
  const length = Math.round((endSec - startSec) / stepSec) + 1;
  const counts = new Map<Level, number[]>();
  for (const { metric, values } of matrix) {
    const level = levelFromName(metric.detected_level ?? metric.level);
    const sums = counts.get(level) ?? new Array<number>(length).fill(0);
    counts.set(level, sums);
    for (const [timeSec, text] of values ?? []) {
      const slot = Math.round((timeSec - startSec) / stepSec);
      if (slot >= 0 && slot < length) {
        sums[slot] += Number(text) || 0;
      }
    }
  }
  return {
    times: Array.from({ length }, (_, i) => Math.round((startSec + (i - 0.5) * stepSec) * 1000)),
    series: levels.flatMap((level) => {
      const values = counts.get(level);
      return values ? [{ name: level, color: levelColors[level], values }] : [];
    }),
  };
}

export const totalOf = (data: ChartData): number =>
  data.series.reduce(
    (sum, { values }) => sum + values.reduce<number>((all, value) => all + (value ?? 0), 0),
    0,
  );
