import { describe, expect, it } from 'vitest';

import { distinctNames } from './distinctNames';

const series = (name: string, labels: Record<string, string>) => ({
  name,
  labels,
  color: '#000000',
  values: [],
});

describe('distinctNames', () => {
  it('leaves single names alone', () => {
    expect(distinctNames([series('a', { x: '1' }), series('b', { x: '2' })])).toEqual(['a', 'b']);
  });

  it('adds the labels in which series of one name differ', () => {
    const names = distinctNames([
      series('p95', { route: '/a', job: 'web' }),
      series('p95', { route: '/b', job: 'web' }),
    ]);
    expect(names).toEqual(['p95 {route="/a"}', 'p95 {route="/b"}']);
  });
});
