import { expect, it } from 'vitest';

import type { TraceSummary } from '../../../api/traces';
import { heightOf, scatterPoints, scatterScale } from './scatter';

const trace = (startMs: number, durationNs: number, spans = 10) =>
  ({ startNs: `${startMs}000000`, durationNs, spans }) as TraceSummary;

it('draws alike durations in equal steps from zero', () => {
  const scale = scatterScale([trace(0, 40e6), trace(0, 90e6)]);
  expect(scale).toEqual({
    logarithmic: false,
    minNs: 0,
    maxNs: 100e6,
    ticksNs: [0, 50e6, 100e6],
  });
  expect(heightOf(25e6, scale)).toBe(0.25);
});

it('draws durations of many sizes by powers of ten', () => {
  const scale = scatterScale([trace(0, 2e6), trace(0, 5e9)]);
  expect(scale.ticksNs).toEqual([1e6, 1e7, 1e8, 1e9, 1e10]);
  expect(heightOf(1e8, scale)).toBe(0.5);
});

it('puts small traces above large ones, within the range', () => {
  const traces = [trace(1500, 50e6, 1), trace(900, 100e6, 100)];
  const points = scatterPoints(traces, scatterScale(traces), 1000, 2000);
  expect(points.map(({ x }) => x)).toEqual([0, 0.5]);
  expect(points[0].radiusPx).toBeCloseTo(12);
  expect(points[1].radiusPx).toBeCloseTo(4.35);
});
