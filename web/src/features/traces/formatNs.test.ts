import { expect, it } from 'vitest';

import { formatNs } from './formatNs';

it.each([
  [0, '0µs'],
  [120, '0.12µs'],
  [45_000, '45µs'],
  [310_500, '311µs'],
  [1_234_000, '1.23ms'],
  [40_000_000, '40ms'],
  [999_900_000, '1000ms'],
  [1_500_000_000, '1.5s'],
  [125_000_000_000, '2m 5s'],
  [3_720_000_000_000, '1h 2m'],
  [-2_000_000, '-2ms'],
  [Number.NaN, '–'],
])('writes %d as %s', (ns, text) => expect(formatNs(ns)).toBe(text));
