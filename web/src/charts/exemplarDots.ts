import type { ChartExemplar } from './chartTypes';

/** What a chart shows, in its own units, and where on its element. */
export interface ChartFrame {
  leftPx: number;
  topPx: number;
  widthPx: number;
  heightPx: number;
  fromMs: number;
  toMs: number;
  low: number;
  high: number;
}

export interface ExemplarDot {
  exemplar: ChartExemplar;
  xPx: number;
  yPx: number;
}

/** Nearer to each other than this, the higher one is shown: each is a target that a finger can hit. */
const apartPx = 24;
const mostDots = 150;

/** Where exemplars lie; those above or below what is shown lie on its edge. */
export function exemplarDots(exemplars: readonly ChartExemplar[], frame: ChartFrame): ExemplarDot[] {
  const shown: ExemplarDot[] = [];
  for (const exemplar of [...exemplars].sort((a, b) => b.value - a.value)) {
    const part = (exemplar.timeMs - frame.fromMs) / (frame.toMs - frame.fromMs);
    if (part < 0 || part > 1) {
      continue;
    }
    const height = Math.min(1, Math.max(0, (exemplar.value - frame.low) / (frame.high - frame.low)));
    const xPx = frame.leftPx + part * frame.widthPx;
    const yPx = frame.topPx + (1 - height) * frame.heightPx;
    if (shown.every((other) => Math.hypot(other.xPx - xPx, other.yPx - yPx) >= apartPx)) {
      shown.push({ exemplar, xPx, yPx });
      if (shown.length === mostDots) {
        break;
      }
    }
  }
  return shown.sort((a, b) => a.xPx - b.xPx);
}
