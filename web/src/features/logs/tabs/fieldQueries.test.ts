import { describe, expect, it } from 'vitest';

import { topValuesQuery } from './fieldQueries';

const field = { label: 'status', type: 'int', cardinality: 3, parsers: ['json'] };

describe('topValuesQuery', () => {
  it('reads the field with its parser, once', () => {
    expect(topValuesQuery('{a="b"}', field, 60_000)).toBe(
      'topk(20, sum by (status) (count_over_time({a="b"}\n | json | __error__ = "" | status != "" [60s])))',
    );
    expect(topValuesQuery('{a="b"} | json', field, 60_000).match(/json/g)).toHaveLength(1);
    expect(topValuesQuery('{a="b"}', { ...field, parsers: null }, 60_000)).not.toContain('json');
  });
});
