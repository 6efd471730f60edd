import { describe, expect, it } from 'vitest';

import { markTerms, searchTerms } from './searchTerms';

describe('searchTerms', () => {
  it('takes what lines must hold and nothing that they must not', () => {
    const terms = searchTerms('{a="b"} |= "x.y" != "no" |~ `(?i)err(or)?` | json | c = "d"');
    expect(terms?.source).toBe('x\\.y|err(or)?');
    expect(terms?.flags).toBe('gi');
    expect(searchTerms('{a="b"} |= "one" or "two"')?.source).toBe('one|two');
  });

  it('is nothing where nothing is looked for, or where the browser cannot', () => {
    expect(searchTerms('{a="b"} | json')).toBeNull();
    expect(searchTerms('{a="b"} |~ "(?P<x>a)"')).toBeNull();
  });
});

describe('markTerms', () => {
  it('cuts the text around what was found', () => {
    expect(markTerms('an error here', /error/g)).toEqual([
      { text: 'an ', marked: false },
      { text: 'error', marked: true },
      { text: ' here', marked: false },
    ]);
    expect(markTerms('abc', /x*/g)).toEqual([{ text: 'abc', marked: false }]);
  });
});
