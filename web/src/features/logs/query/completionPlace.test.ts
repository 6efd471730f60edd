import { describe, expect, it } from 'vitest';

import { completionPlace } from './completionPlace';

const kindAt = (before: string) => completionPlace(before)?.kind ?? null;

describe('completionPlace', () => {
  it('knows names and values inside the selector', () => {
    expect(completionPlace('{app="a", po')).toEqual({ kind: 'label-name', from: 10, used: ['app'] });
    expect(completionPlace('{')).toEqual({ kind: 'label-name', from: 1, used: [] });
    expect(completionPlace('{app="a", pod="p-')).toEqual({
      kind: 'label-value',
      from: 15,
      name: 'pod',
      selector: '{app="a"}',
      quoted: true,
    });
    expect(completionPlace('{pod=')).toEqual({
      kind: 'label-value',
      from: 5,
      name: 'pod',
      selector: '',
      quoted: false,
    });
  });

  it('offers stages behind a bar and operators behind a finished part', () => {
    expect(kindAt('{app="a"} | js')).toBe('stage');
    expect(kindAt('{app="a"} ')).toBe('operator');
    expect(kindAt('{app="a"} |= "x" ')).toBe('operator');
    expect(kindAt('{app="a"} | json ')).toBe('operator');
  });

  it('offers fields, functions and ranges where they fit', () => {
    expect(kindAt('sum by (le')).toBe('field-name');
    expect(kindAt('sum(avg_over_time({a="b"} | json | unwrap d')).toBe('field-name');
    expect(kindAt('cou')).toBe('function');
    expect(kindAt('sum(ra')).toBe('function');
    expect(kindAt('rate({a="b"}[')).toBe('range');
    expect(kindAt('rate({a="b"}[$__a')).toBe('range');
  });

  it('is silent in strings of filters and in comments', () => {
    expect(kindAt('{app="a"} |= "err')).toBeNull();
    expect(kindAt('{app="a"} # what')).toBeNull();
  });
});
