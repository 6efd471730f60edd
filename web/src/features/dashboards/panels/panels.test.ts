import { describe, expect, it } from 'vitest';

import { readableOn, textColor } from './contrast';
import { tileGrid } from './tileGrid';

describe('tileGrid', () => {
  it('lines tiles up along the longer side', () => {
    expect(tileGrid(3, 900, 200)).toEqual({ columns: 3, rows: 1 });
    expect(tileGrid(3, 200, 600)).toEqual({ columns: 1, rows: 3 });
  });

  it('makes a block of many', () => {
    expect(tileGrid(4, 600, 300)).toEqual({ columns: 2, rows: 2 });
  });

  it('has one cell when there is nothing', () => {
    expect(tileGrid(0, 100, 100)).toEqual({ columns: 1, rows: 1 });
  });
});

describe('readableOn', () => {
  it('puts dark text on light colours and light text on dark ones', () => {
    expect(readableOn('#f2c94c')).toBe('#10151b');
    expect(readableOn('#12394a')).toBe('#fff');
  });
});

describe('textColor', () => {
  it('darkens what would vanish on white and leaves what can be read', () => {
    expect(textColor('#fade2a', 'light')).not.toBe('#fade2a');
    expect(textColor('#fade2a', 'dark')).toBe('#fade2a');
    expect(textColor('#c4162a', 'light')).toBe('#c4162a');
  });
});
