import { expect, it } from 'vitest';

import type { FlameNode } from '../../../api/traces';
import { flameBoxes } from './flame';

const node = (parent: number, depth: number, weightNs: number) => ({ parent, depth, weightNs }) as FlameNode;

/** 0 (100) holds 1 (60) with 2 (15) in it, and 3 (20). */
const nodes = [node(-1, 0, 100), node(0, 1, 60), node(1, 2, 15), node(0, 1, 20)];

it('gives each call the part of its weight, within its caller', () =>
  expect(flameBoxes(nodes, -1)).toEqual([
    { node: 0, left: 0, width: 1, level: 0 },
    { node: 1, left: 0, width: 0.6, level: 1 },
    { node: 2, left: 0, width: 0.15, level: 2 },
    { node: 3, left: 0.6, width: 0.2, level: 1 },
  ]));

it('gives one call the whole width, and shows its callers', () =>
  expect(flameBoxes(nodes, 1)).toEqual([
    { node: 0, left: 0, width: 1, level: 0 },
    { node: 1, left: 0, width: 1, level: 1 },
    { node: 2, left: 0, width: 0.25, level: 2 },
  ]));

it('leaves out what is too thin to be seen', () =>
  expect(flameBoxes([node(-1, 0, 100_000), node(0, 1, 1)], -1)).toHaveLength(1));

it('draws nothing of a trace without any duration', () =>
  expect(flameBoxes([node(-1, 0, 0)], -1)).toEqual([]));
