import { describe, expect, it } from 'vitest';

import { addFieldFilter, addLineFilter, addMatcher, fillVariables } from './editQuery';

const stream = (name: string, value: string, keep = true) => ({
  name,
  value,
  keep,
  origin: 'stream' as const,
});
const json = (name: string, value: string, keep = true) => ({ name, value, keep, origin: 'json' as const });
const metadata = (name: string, value: string, keep = true) => ({
  name,
  value,
  keep,
  origin: 'metadata' as const,
});

describe('addFieldFilter on labels of the stream', () => {
  it('adds a matcher behind the others', () => {
    expect(addFieldFilter('{app="a"} |= "x"', stream('pod', 'p-1'))).toBe('{app="a", pod="p-1"} |= "x"');
  });

  it('narrows a choice to the one value', () => {
    expect(addFieldFilter('{app=~"a|b"}', stream('app', 'b'))).toBe('{app="b"}');
  });

  it('leaves a query that says so already alone', () => {
    expect(addFieldFilter('{app="a"}', stream('app', 'a'))).toBe('{app="a"}');
  });

  it('takes the place of its opposite', () => {
    expect(addFieldFilter('{app="a", pod!="p"}', stream('pod', 'p'))).toBe('{app="a", pod="p"}');
    expect(addFieldFilter('{app="a", pod="p"}', stream('pod', 'p', false))).toBe('{app="a", pod!="p"}');
  });

  it('never leaves a selector that asks for nothing', () => {
    expect(addFieldFilter('{app="a"}', stream('app', 'a', false))).toBe('{app="a"} | app != "a"');
    expect(addFieldFilter('{app=~".*"}', stream('app', 'a', false))).toBe('{app=~".*"} | app != "a"');
    expect(addFieldFilter('{app=~".+"}', stream('app', 'a', false))).toBe('{app=~".+", app!="a"}');
  });

  it('is not misled by braces and names in strings and comments', () => {
    expect(addFieldFilter('# {x="y"}\n{app="}{"} |= "{a"', stream('pod', 'p'))).toBe(
      '# {x="y"}\n{app="}{", pod="p"} |= "{a"',
    );
  });

  it('changes every selector of a metric query', () => {
    const query = 'sum(rate({app="a"}[5m])) / sum(rate({app="b"} |= "x" [5m]))';
    expect(addFieldFilter(query, stream('pod', 'p'))).toBe(
      'sum(rate({app="a", pod="p"}[5m])) / sum(rate({app="b", pod="p"} |= "x" [5m]))',
    );
  });
});

describe('addFieldFilter on everything else', () => {
  it('adds a label filter at the end', () => {
    expect(addFieldFilter('{app="a"} |= "x"', metadata('trace_id', 'f00'))).toBe(
      '{app="a"} |= "x" | trace_id = "f00"',
    );
  });

  it('puts the parser in front that the field needs, once', () => {
    const once = addFieldFilter('{app="a"}', json('status', '500'));
    expect(once).toBe('{app="a"} | json | status = "500"');
    expect(addFieldFilter(once, json('method', 'GET', false))).toBe(
      '{app="a"} | json | status = "500" | method != "GET"',
    );
  });

  it('does not count a parser that extracts only what it names', () => {
    expect(addFieldFilter('{app="a"} | json m="method"', json('status', '500'))).toBe(
      '{app="a"} | json m="method" | json | status = "500"',
    );
    expect(
      addFieldFilter('{app="a"} | logfmt --strict', { name: 'k', value: 'v', keep: true, origin: 'logfmt' }),
    ).toBe('{app="a"} | logfmt --strict | k = "v"');
  });

  it('removes the opposite and does not repeat itself', () => {
    const out = '{app="a"} | json | status != "500" | level = "info"';
    expect(addFieldFilter(out, json('status', '500'))).toBe(
      '{app="a"} | json | level = "info" | status = "500"',
    );
    expect(addFieldFilter(out, json('status', '500', false))).toBe(out);
  });

  it('stays in front of unwrap and range', () => {
    expect(addFieldFilter('sum(sum_over_time({a="b"} | json | unwrap ms [5m]))', json('status', '500'))).toBe(
      'sum(sum_over_time({a="b"} | json | status = "500" | unwrap ms [5m]))',
    );
  });

  it('reads != behind a parser as a line filter and behind a name as a comparison', () => {
    expect(addFieldFilter('{a="b"} | json != "x" | c != "d"', json('e', 'f'))).toBe(
      '{a="b"} | json != "x" | c != "d" | e = "f"',
    );
  });

  it('writes what needs escapes raw', () => {
    expect(addFieldFilter('{a="b"}', metadata('path', 'C:\\x'))).toBe('{a="b"} | path = `C:\\x`');
    expect(addFieldFilter('{a="b"}', metadata('path', 'say `"hi"`\n'))).toBe(
      '{a="b"} | path = "say `\\"hi\\"`\\n"',
    );
  });
});

describe('addLineFilter', () => {
  it('stands in front of the stages, once', () => {
    const once = addLineFilter('{a="b"} | json', '|>', 'GET <_> "200"');
    expect(once).toBe('{a="b"} |> `GET <_> "200"` | json');
    expect(addLineFilter(once, '|>', 'GET <_> "200"')).toBe(once);
  });
});

describe('addMatcher', () => {
  it('begins a query', () => {
    expect(addMatcher('', 'app', 'a')).toBe('{app="a"}');
    expect(addMatcher('{}', 'app', 'a')).toBe('{app="a"}');
  });
});

describe('fillVariables', () => {
  it('replaces the variables and no text in strings', () => {
    expect(
      fillVariables('sum(rate({a="$__auto"}[$__auto])) + count_over_time({a="b"}[$__range])', 3600, 15),
    ).toBe('sum(rate({a="$__auto"}[15s])) + count_over_time({a="b"}[3600s])');
  });
});
