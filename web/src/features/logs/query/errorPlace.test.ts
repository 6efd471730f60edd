import { describe, expect, it } from 'vitest';

import { errorOffset } from './errorPlace';

describe('errorOffset', () => {
  it('finds the place in one line and in several', () => {
    expect(errorOffset('parse error at line 1, col 5: syntax error', '{app}')).toBe(4);
    expect(errorOffset('parse error at line 2, col 3: x', '{a="b"}\n| | json')).toBe(10);
  });

  it('stays inside the text and says when there is no place', () => {
    expect(errorOffset('parse error at line 9, col 99: x', '{a}')).toBe(3);
    expect(errorOffset('parse error : queries require at least one matcher', '{}')).toBeNull();
  });
});
