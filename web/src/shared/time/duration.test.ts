import { describe, expect, it } from 'vitest';

import { formatDurationSec, parseDurationSec } from './duration';

describe('parseDurationSec', () => {
  it('reads Prometheus durations and plain seconds', () => {
    expect(parseDurationSec('1h30m')).toBe(5400);
    expect(parseDurationSec('15s')).toBe(15);
    expect(parseDurationSec('500ms')).toBe(0.5);
    expect(parseDurationSec('2w')).toBe(1_209_600);
    expect(parseDurationSec('30')).toBe(30);
  });

  it('refuses units in the wrong order and empty text', () => {
    expect(parseDurationSec('30m1h')).toBeNull();
    expect(parseDurationSec('')).toBeNull();
    expect(parseDurationSec('1 hour')).toBeNull();
  });
});

describe('formatDurationSec', () => {
  it('keeps the two largest adjacent units', () => {
    expect(formatDurationSec(3905)).toBe('1h 5m');
    expect(formatDurationSec(86_405)).toBe('1d');
    expect(formatDurationSec(45)).toBe('45s');
    expect(formatDurationSec(0.12)).toBe('120ms');
    expect(formatDurationSec(0.00042)).toBe('420µs');
  });
});
