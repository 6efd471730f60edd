import { describe, expect, it } from 'vitest';

import { sourcePath } from './sourcePath';

describe('sourcePath', () => {
  it('leads to the page of what the rule asks', () => {
    expect(sourcePath('http://h:9090/graph?g0.expr=up&g0.tab=1')).toBe('/query?g0.expr=up&g0.tab=graph');
    expect(sourcePath('http://h:9090/logs?query=rate%28x%29')).toBe('/logs?query=rate%28x%29');
    expect(sourcePath('http://elsewhere/')).toBeNull();
    expect(sourcePath(undefined)).toBeNull();
  });
});
