import { expect, it } from 'vitest';

import type { Timeline } from '../../../api/traces';
import { spanOrder } from './spanOrder';

const timeline = {
  services: ['web', 'db'],
  operations: ['GET', 'SELECT'],
  rows: {
    id: ['c', 'a', 'b'],
    service: [0, 1, 1],
    operation: [0, 1, 1],
    kind: [2, 3, 3],
    start: [0, 10, 5],
    duration: [100, 20, 20],
  },
} as unknown as Timeline;

it('sorts by any column, equal rows as in the timeline', () => {
  expect(spanOrder(timeline, 'start', false, null)).toEqual([0, 2, 1]);
  expect(spanOrder(timeline, 'duration', true, null)).toEqual([0, 1, 2]);
  expect(spanOrder(timeline, 'duration', false, null)).toEqual([1, 2, 0]);
  expect(spanOrder(timeline, 'service', false, null)).toEqual([1, 2, 0]);
  expect(spanOrder(timeline, 'id', true, null)).toEqual([0, 2, 1]);
});

it('keeps only what was found', () =>
  expect(spanOrder(timeline, 'start', true, new Set([0, 1]))).toEqual([1, 0]));
