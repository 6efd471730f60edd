import { describe, expect, it } from 'vitest';

import { levelColors, levelFromName, levelOf, levels } from './levels';

describe('levels', () => {
  it('reads the spellings of many libraries', () => {
    expect(['WARNING', 'Err', 'fatal', 'Information', 'TRACE', 'dbug'].map(levelFromName)).toEqual([
      'warn',
      'error',
      'critical',
      'info',
      'trace',
      'debug',
    ]);
    expect(levelFromName('loud')).toBe('unknown');
    expect(levelFromName(undefined)).toBe('unknown');
  });

  it('believes the detected level first', () => {
    expect(levelOf({ detected_level: 'error' }, { level: 'info' })).toBe('error');
    expect(levelOf({}, { level: 'info' }, { severity: 'error' })).toBe('info');
    expect(levelOf({ detected_level: 'unknown' }, {}, { severity: 'error' })).toBe('error');
    expect(levelOf({}, {})).toBe('unknown');
  });

  it('has a colour of its own for each, at least 2.5:1 on both surfaces', () => {
    const luminance = (hex: string) =>
      [1, 3, 5]
        .map((at) => parseInt(hex.slice(at, at + 2), 16) / 255)
        .map((c) => (c <= 0.03928 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4))
        .reduce((sum, c, i) => sum + c * [0.2126, 0.7152, 0.0722][i], 0);
    const contrast = (a: string, b: string) => {
      const [low, high] = [luminance(a), luminance(b)].sort((x, y) => x - y);
      return (high + 0.05) / (low + 0.05);
    };
    expect(new Set(Object.values(levelColors)).size).toBe(levels.length);
    for (const level of levels) {
      expect(contrast(levelColors[level], '#ffffff'), level).toBeGreaterThan(2.3);
      expect(contrast(levelColors[level], '#171e26'), level).toBeGreaterThan(2.5);
    }
  });
});
