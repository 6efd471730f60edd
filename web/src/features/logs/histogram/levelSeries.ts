import type { MatrixElement } from '../../../api/prometheus';
import type { ChartData } from '../../../charts/chartTypes';
import { findPipelines } from '../query/pipelines';
import { levelColors, levelFromName, levels, type Level } from '../entries/levels';

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
export function barsOf(fromMs: number, toMs: number, leastSec = 1): Bars {
  const rangeSec = (toMs - fromMs) / 1000;
  const stepSec =
    steps.find((step) => step >= leastSec && rangeSec / step <= wantedBars) ??
    Math.ceil(rangeSec / wantedBars);
  const startSec = Math.floor(fromMs / 1000 / stepSec) * stepSec + stepSec;
  const endSec = Math.max(startSec, Math.ceil(toMs / 1000 / stepSec) * stepSec);
  return { startSec, endSec, stepSec };
}

/**
 * The query that counts a log query's lines by level. Lines that a stage could not read are counted as well; without
 * stages there is no such line, and the server counts from its index alone.
 */
export function countQuery(query: string, stepSec: number): string {
  const staged = findPipelines(query)[0]?.stages.some(({ tokens }) => tokens[0].text === '|');
  const tolerant = staged ? ' | drop __error__, __error_details__' : '';
  // A comment at the end would swallow what is appended.
  return `sum by (detected_level) (count_over_time(${query}\n${tolerant} [${stepSec}s]))`;
}

export interface LevelCount {
  level: Level;
  lines: number;
  /** What the server calls it; several words can mean one level, the most frequent first. */
  names: string[];
}

export interface LevelCounts {
  /** One series for each level that occurs, the gravest at the bottom of the pile, each bar at its middle. */
  chart: ChartData;
  levels: LevelCount[];
}

export function countLevels(matrix: MatrixElement[], { startSec, endSec, stepSec }: Bars): LevelCounts {
  const length = Math.round((endSec - startSec) / stepSec) + 1;
  const bars = new Map<Level, number[]>();
  const names = new Map<Level, Map<string, number>>();
  for (const { metric, values } of matrix) {
    const name = metric.detected_level ?? metric.level ?? '';
    const level = levelFromName(name);
    const sums = bars.get(level) ?? new Array<number>(length).fill(0);
    bars.set(level, sums);
    let lines = 0;
    for (const [timeSec, text] of values ?? []) {
      const slot = Math.round((timeSec - startSec) / stepSec);
      if (slot >= 0 && slot < length) {
        sums[slot] += Number(text) || 0;
        lines += Number(text) || 0;
      }
    }
    const known = names.get(level) ?? new Map<string, number>();
    names.set(level, known.set(name, (known.get(name) ?? 0) + lines));
  }
  const present = levels.filter((level) => bars.has(level));
  return {
    chart: {
      times: Array.from({ length }, (_, i) => Math.round((startSec + (i - 0.5) * stepSec) * 1000)),
      series: present.map((level) => ({ name: level, color: levelColors[level], values: bars.get(level)! })),
    },
    levels: present.map((level) => {
      const byLines = [...names.get(level)!].sort((a, b) => b[1] - a[1]);
      return {
        level,
        lines: byLines.reduce((sum, [, lines]) => sum + lines, 0),
        names: byLines.map(([name]) => name),
      };
    }),
  };
}
