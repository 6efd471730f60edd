import type { FlameNode } from '../../../api/traces';

export interface FlameBox {
  node: number;
  /** Parts of the width of what is shown. */
  left: number;
  width: number;
  level: number;
}

/** Thinner than this a box cannot be seen, nor anything above it. */
const thinnest = 0.0004;

/** Where boxes lie when one node, or everything (-1), has the whole width. Its ancestors lie below it in full width. */
export function flameBoxes(nodes: readonly FlameNode[], focus: number): FlameBox[] {
  const boxes: FlameBox[] = [];
  const left = new Array<number>(nodes.length).fill(0);
  const used = new Array<number>(nodes.length).fill(0);
  const above: number[] = [];
  for (let at = focus < 0 ? -1 : nodes[focus].parent; at >= 0; at = nodes[at].parent) {
    above.unshift(at);
  }
  above.forEach((node) => boxes.push({ node, left: 0, width: 1, level: nodes[node].depth }));
  const whole =
    focus < 0
      ? nodes.reduce((sum, node) => sum + (node.parent < 0 ? node.weightNs : 0), 0)
      : nodes[focus].weightNs;
  let rootsUsed = 0;
  const end = focus < 0 ? nodes.length : endOf(nodes, focus);
  for (let i = Math.max(0, focus); i < end; i++) {
    const { parent, weightNs, depth } = nodes[i];
    if (i === focus) {
      left[i] = 0;
    } else if (parent < 0) {
      left[i] = rootsUsed;
      rootsUsed += weightNs;
    } else {
      left[i] = left[parent] + used[parent];
      used[parent] += weightNs;
    }
    const width = whole > 0 ? weightNs / whole : 0;
    if (width >= thinnest) {
      boxes.push({ node: i, left: left[i] / whole, width, level: depth });
    }
  }
  return boxes;
}

/** The index behind the last node below one. */
function endOf(nodes: readonly FlameNode[], node: number): number {
  let end = node + 1;
  while (end < nodes.length && nodes[end].depth > nodes[node].depth) {
    end++;
  }
  return end;
}
