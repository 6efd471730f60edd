import { expect, it } from 'vitest';

import type { ComparedNode } from '../../../api/traces';
import { differenceOf, onlyDifferences } from './difference';

const node = (parent: number, spansA: number, spansB: number, errorsB = 0) =>
  ({ parent, spansA, spansB, errorsA: 0, errorsB }) as ComparedNode;

it.each([
  [0, 1, 'onlyB'],
  [2, 0, 'onlyA'],
  [1, 3, 'more'],
  [3, 1, 'fewer'],
  [2, 2, 'same'],
])('calls %d against %d %s', (a, b, words) => expect(differenceOf(node(-1, a, b))).toBe(words));

it('keeps what differs and what leads to it', () =>
  expect(
    onlyDifferences([node(-1, 1, 1), node(0, 1, 1), node(1, 1, 2), node(0, 1, 1), node(0, 1, 1, 1)]),
  ).toEqual([0, 1, 2, 4]));
