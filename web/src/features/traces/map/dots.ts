import { weightOf, type MapCall } from './serviceGraph';

export interface Dot {
  error: boolean;
  beginSec: number;
}

export interface DotTraffic {
  dots: Dot[];
  /** How long a dot is on its way, and after which time it starts again. */
  travelSec: number;
  cycleSec: number;
}

const mostDots = 14;

/** Dots start as often as requests do, up to what can be seen, and are slower where answers are; errors have their share of them. */
export function dotsOf(call: MapCall, busiest: number): DotTraffic | null {
  if (call.rate <= 0) {
    return null;
  }
  const latencySec = Math.min(10, (call.p95 ?? 100) / 1000);
  const travelSec = 1.6 + latencySec * 0.6;
  // One request per second is one dot per second; a busy map is scaled to its busiest call.
  const perSec = weightOf(call) * Math.min(1, 6 / Math.max(busiest, 1e-9));
  const shown = Math.max(0.1, perSec);
  const count = Math.min(mostDots, Math.max(1, Math.round(shown * travelSec)));
  const cycleSec = Math.max(travelSec, count / shown > travelSec ? count / shown : travelSec);
  const errors = call.errorPercent > 0 ? Math.max(1, Math.round((count * call.errorPercent) / 100)) : 0;
  const dots = Array.from({ length: count }, (_, i) => ({
    // Spread evenly among the others.
    error: Math.floor(((i + 1) * errors) / count) > Math.floor((i * errors) / count),
    beginSec: -(i * cycleSec) / count,
  }));
  return { dots, travelSec, cycleSec };
}
