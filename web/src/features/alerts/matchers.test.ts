import { describe, expect, it } from 'vitest';

import { matcherText, parseMatchers } from './matchers';

describe('parseMatchers', () => {
  it('reads every operator, quoted or bare, with or without braces', () => {
    expect(parseMatchers('{a="b", c!="d", e=~"f|g", h!~"i"}')?.map(matcherText)).toEqual([
      'a="b"',
      'c!="d"',
      'e=~"f|g"',
      'h!~"i"',
    ]);
    expect(parseMatchers('severity=critical')?.map(matcherText)).toEqual(['severity="critical"']);
  });

  it('keeps commas and quotes inside a quoted value', () => {
    expect(parseMatchers('a="x,y", b="say \\"hi\\""')).toEqual([
      { name: 'a', value: 'x,y', isRegex: false, isEqual: true },
      { name: 'b', value: 'say "hi"', isRegex: false, isEqual: true },
    ]);
  });

  it('refuses what is not a matcher', () => {
    expect(parseMatchers('critical')).toBeNull();
    expect(parseMatchers('a="b" c')).toBeNull();
  });

  it('reads nothing as no matcher', () => {
    expect(parseMatchers('')).toEqual([]);
    expect(parseMatchers('{}')).toEqual([]);
  });
});

describe('matcherText', () => {
  it('survives a round trip', () => {
    const matcher = { name: 'path', value: 'C:\\temp "x"\nend', isRegex: true, isEqual: false };
    expect(parseMatchers(matcherText(matcher))).toEqual([matcher]);
  });
});
