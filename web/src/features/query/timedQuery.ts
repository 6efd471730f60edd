import type { Envelope } from '../../api/http';
import { queryInstant, queryRange, type QueryResult } from '../../api/prometheus';
import type { Grid } from './matrixData';

export interface TimedAnswer {
  envelope: Envelope<QueryResult>;
  tookMs: number;
}

/** Asks for one moment (null is now) and measures how long the answer took to arrive. */
export async function timedInstant(
  expr: string,
  atMs: number | null,
  signal: AbortSignal,
): Promise<TimedAnswer> {
  const started = performance.now();
  const envelope = await queryInstant(expr, (atMs ?? Date.now()) / 1000, signal);
  return { envelope, tookMs: performance.now() - started };
}

/** Asks for a range that ends at a moment (null is now); the grid says which times were asked for. */
export async function timedRange(
  expr: string,
  endMs: number | null,
  rangeSec: number,
  stepSec: number,
  signal: AbortSignal,
): Promise<TimedAnswer & { grid: Grid }> {
  const endSec = (endMs ?? Date.now()) / 1000;
  const grid = { startSec: endSec - rangeSec, endSec, stepSec };
  const started = performance.now();
  const envelope = await queryRange({ query: expr, ...grid }, signal);
  return { envelope, grid, tookMs: performance.now() - started };
}
