import { describe, expect, it } from 'vitest';

import { formatValue } from './formatValue';

describe('formatValue', () => {
  it('scales bytes by 1024 and decimal bytes by 1000', () => {
    expect(formatValue(1536, 'bytes')).toBe('1.5 KiB');
    expect(formatValue(1536, 'decbytes')).toBe('1.54 kB');
    expect(formatValue(0, 'bytes')).toBe('0 B');
  });

  it('moves time to the unit that reads best', () => {
    expect(formatValue(0.012, 's')).toBe('12 ms');
    expect(formatValue(1500, 'ms')).toBe('1.5 s');
    expect(formatValue(300, 's')).toBe('5 min');
  });

  it('writes shares as percent', () => {
    expect(formatValue(0.256, 'percentunit')).toBe('25.6%');
    expect(formatValue(99.5, 'percent', 2)).toBe('99.50%');
  });

  it('shortens large counts and keeps small ones', () => {
    expect(formatValue(12_500, 'short')).toBe('12.5 K');
    expect(formatValue(0.000012, 'none')).toBe('1.2e-5');
    expect(formatValue(1234.56, 'none')).toBe('1235');
    expect(formatValue(2500, 'reqps')).toBe('2.5 K req/s');
  });

  it('says what is not a number', () => {
    expect(formatValue(null)).toBe('–');
    expect(formatValue(Number.NaN)).toBe('–');
    expect(formatValue(Number.POSITIVE_INFINITY)).toBe('+Inf');
  });

  it('appends an unknown unit', () => {
    expect(formatValue(3, 'connections')).toBe('3 connections');
  });
});
