import type { ComparedNode } from '../../../api/traces';

export type Difference = 'onlyA' | 'onlyB' | 'more' | 'fewer' | 'same';

/** How the second trace differs from the first in one kind of call. */
export function differenceOf({ spansA, spansB }: ComparedNode): Difference {
  if (spansA === 0) {
    return 'onlyB';
  }
  if (spansB === 0) {
    return 'onlyA';
  }
  return spansB > spansA ? 'more' : spansB < spansA ? 'fewer' : 'same';
}

export const differenceWords: Record<Difference, string> = {
  onlyA: 'only in A',
  onlyB: 'only in B',
  more: 'more often in B',
  fewer: 'less often in B',
  same: 'in both',
};

/** Nodes that differ, with all that is above them. */
export function onlyDifferences(nodes: readonly ComparedNode[]): number[] {
  const kept = new Array<boolean>(nodes.length).fill(false);
  nodes.forEach((node, i) => {
    if (differenceOf(node) !== 'same' || node.errorsA !== node.errorsB) {
      for (let at = i; at >= 0 && !kept[at]; at = nodes[at].parent) {
        kept[at] = true;
      }
    }
  });
  return [...nodes.keys()].filter((i) => kept[i]);
}
