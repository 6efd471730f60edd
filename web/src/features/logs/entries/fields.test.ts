import { describe, expect, it } from 'vitest';

import { entriesOf } from './entries';
import { fieldsInLine, fieldsOf, fieldValue } from './fields';

const pairs = (line: string) => fieldsInLine(line).map(({ name, value }) => `${name}=${value}`);

describe('fieldsInLine', () => {
  it('flattens JSON as the json parser does', () => {
    expect(pairs('{"a":{"b c":1.50,"d":[1,2]},"e":null,"1x":true,"s":"t\\"u"}')).toEqual([
      'a_b_c=1.50',
      'a_d=[1,2]',
      '_1x=true',
      's=t"u',
    ]);
    expect(fieldsInLine('{"d":[1]}')[0].filterable).toBe(false);
    expect(pairs('{"id":12345678901234567890}')).toEqual(['id=12345678901234567890']);
  });

  it('reads logfmt with quotes and colours', () => {
    expect(pairs('level=info msg="took \\"3\\" ms" \u001b[36mdur\u001b[0m=3ms empty= bare')).toEqual([
      'level=info',
      'msg=took "3" ms',
      'dur=3ms',
    ]);
  });

  it('does not take prose for logfmt', () => {
    expect(fieldsInLine('set x=1 and went on')).toEqual([]);
    expect(fieldsInLine('{broken json')).toEqual([]);
  });
});

describe('fieldsOf', () => {
  const [entry] = entriesOf(
    [
      {
        stream: { app: 'a' },
        values: [
          [
            '1700000000000000000',
            '{"app":"other","status":500,"ms":3}',
            { structuredMetadata: { trace_id: 'f00' }, parsed: { status: '500' } },
          ],
        ],
      },
    ],
    'backward',
  );

  it('names a field as the parser would where the name is taken, and shows none twice', () => {
    expect(fieldsOf(entry).map(({ name, origin }) => `${name}:${origin}`)).toEqual([
      'app:stream',
      'trace_id:metadata',
      'status:parsed',
      'app_extracted:json',
      'ms:json',
    ]);
  });

  it('finds one value by name', () => {
    expect(fieldValue(entry, 'app')).toBe('a');
    expect(fieldValue(entry, 'ms')).toBe('3');
    expect(fieldValue(entry, 'no')).toBeUndefined();
  });
});
