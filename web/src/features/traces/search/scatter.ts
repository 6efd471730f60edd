import type { TraceSummary } from '../../../api/traces';

export interface ScatterPoint {
  trace: TraceSummary;
  /** Parts of the plot's width and, from below, height. */
  x: number;
  y: number;
  radiusPx: number;
}

export interface ScatterScale {
  logarithmic: boolean;
  minNs: number;
  maxNs: number;
  ticksNs: number[];
}

/** From so many times on, equal steps would press all but the longest onto the ground. */
const logFrom = 30;

export function scatterScale(traces: TraceSummary[]): ScatterScale {
  const durations = traces.map(({ durationNs }) => Math.max(1000, durationNs));
  const low = Math.min(...durations);
  const high = Math.max(...durations);
  const logarithmic = high / low >= logFrom;
  if (logarithmic) {
    const from = Math.floor(Math.log10(low));
    const to = Math.ceil(Math.log10(high));
    const ticksNs = Array.from({ length: to - from + 1 }, (_, i) => 10 ** (from + i));
    return { logarithmic, minNs: 10 ** from, maxNs: 10 ** to, ticksNs };
  }
  const rough = (high * 1.1) / 4;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = power * ([1, 2, 5, 10].find((nice) => nice * power >= rough) ?? 10);
  const count = Math.ceil((high * 1.05) / step);
  return {
    logarithmic,
    minNs: 0,
    maxNs: count * step,
    ticksNs: Array.from({ length: count + 1 }, (_, i) => i * step),
  };
}

export function heightOf(ns: number, { logarithmic, minNs, maxNs }: ScatterScale): number {
  if (logarithmic) {
    return Math.log10(Math.max(ns, minNs) / minNs) / Math.log10(maxNs / minNs);
  }
  return ns / maxNs;
}

/** The largest first, so that small ones lie on top and can be clicked. */
export function scatterPoints(
  traces: TraceSummary[],
  scale: ScatterScale,
  fromMs: number,
  toMs: number,
): ScatterPoint[] {
  const most = Math.max(1, ...traces.map(({ spans }) => spans));
  return traces
    .map((trace) => ({
      trace,
      x: Math.min(1, Math.max(0, (Number(trace.startNs) / 1e6 - fromMs) / (toMs - fromMs))),
      y: heightOf(Math.max(1000, trace.durationNs), scale),
      radiusPx: 3.5 + 8.5 * Math.sqrt(trace.spans / Math.max(most, 10)),
    }))
    .sort((a, b) => b.radiusPx - a.radiusPx);
}
