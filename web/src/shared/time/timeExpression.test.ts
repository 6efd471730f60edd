import { describe, expect, it } from 'vitest';

import { resolveTime } from './timeExpression';

const now = new Date(2026, 2, 18, 14, 37, 25, 123).getTime();

describe('resolveTime', () => {
  it('resolves now and offsets', () => {
    expect(resolveTime('now', now)).toBe(now);
    expect(resolveTime('now-1h', now)).toBe(now - 3_600_000);
    expect(resolveTime('now-1d+30m', now)).toBe(now - 86_400_000 + 1_800_000);
  });

  it('rounds down for the start and up for the end of a range', () => {
    expect(resolveTime('now/d', now)).toBe(new Date(2026, 2, 18).getTime());
    expect(resolveTime('now/d', now, true)).toBe(new Date(2026, 2, 19).getTime() - 1);
    expect(resolveTime('now/w', now)).toBe(new Date(2026, 2, 16).getTime());
    expect(resolveTime('now-1M/M', now)).toBe(new Date(2026, 1, 1).getTime());
    expect(resolveTime('now/h', now)).toBe(new Date(2026, 2, 18, 14).getTime());
  });

  it('reads epoch milliseconds and ISO dates', () => {
    expect(resolveTime('1790000000000', now)).toBe(1_790_000_000_000);
    expect(resolveTime('2026-03-18T10:00:00Z', now)).toBe(Date.UTC(2026, 2, 18, 10));
    expect(resolveTime('2026-03-18 10:00:00', now)).toBe(new Date(2026, 2, 18, 10).getTime());
  });

  it('refuses what it does not know', () => {
    expect(resolveTime('yesterday', now)).toBeNull();
    expect(resolveTime('now-1x', now)).toBeNull();
    expect(resolveTime('', now)).toBeNull();
  });
});
