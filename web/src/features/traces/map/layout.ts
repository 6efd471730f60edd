import type { ServiceGraph } from './serviceGraph';

export interface Point {
  x: number;
  y: number;
}

export interface Layout {
  places: ReadonlyMap<string, Point>;
  /** By source and target: where a call that passes layers goes between their services. */
  ways: ReadonlyMap<string, Point[]>;
  width: number;
  height: number;
}

export const boxWidth = 170;
export const boxHeight = 54;
const layerGap = 120;
const rowGap = 34;
const edge = 24;
const sweeps = 8;

/**
 * Callers on the left, whom they call on the right: a service stands one layer behind the last of its callers, and
 * within a layer near the middle of its neighbours. Calls that close a circle do not count for the layers. A call that
 * passes layers takes room in each of them, so that its line runs between services and not behind them.
 */
export function layout({ services, calls }: ServiceGraph): Layout {
  const ids = services.map(({ id }) => id).sort();
  const out = new Map<string, string[]>(ids.map((id) => [id, []]));
  const into = new Map<string, string[]>(ids.map((id) => [id, []]));
  for (const { source, target } of calls) {
    if (source !== target && !out.get(source)?.includes(target)) {
      out.get(source)?.push(target);
      into.get(target)?.push(source);
    }
  }
  const order = withoutCircles(ids, out, into);
  const layerOf = layers(order, out);
  const rows: string[][] = [];
  for (const id of order) {
    const layer = layerOf.get(id) ?? 0;
    (rows[layer] ??= []).push(id);
  }
  const passes = passLayers(rows, layerOf, out, into);
  untangle(rows, out, into);
  const tallest = Math.max(1, ...rows.map((row) => row.length));
  const height = 2 * edge + tallest * (boxHeight + rowGap) - rowGap;
  const places = new Map<string, Point>();
  rows.forEach((row, layer) => {
    const own = row.length * (boxHeight + rowGap) - rowGap;
    row.forEach((id, i) =>
      places.set(id, {
        x: edge + layer * (boxWidth + layerGap),
        y: (height - own) / 2 + i * (boxHeight + rowGap),
      }),
    );
  });
  const width = 2 * edge + Math.max(1, rows.length) * (boxWidth + layerGap) - layerGap;
  const ways = new Map(
    [...passes].map(([way, ids]) => [way, ids.map((id) => places.get(id) ?? { x: 0, y: 0 })] as const),
  );
  return { places, ways, width, height };
}

export const wayOf = (source: string, target: string) => `${source}\n${target}`;

/** Puts a stand-in for each call that passes a layer into it, and into the neighbours by which layers are sorted. */
function passLayers(
  rows: string[][],
  layerOf: Map<string, number>,
  out: Map<string, string[]>,
  into: Map<string, string[]>,
): Map<string, string[]> {
  const passes = new Map<string, string[]>();
  for (const [source, layer] of layerOf) {
    for (const target of [...(out.get(source) ?? [])]) {
      const last = layerOf.get(target) ?? 0;
      if (last - layer < 2) {
        continue;
      }
      const ids = Array.from({ length: last - layer - 1 }, (_, i) => `${wayOf(source, target)}\n${i}`);
      const chain = [source, ...ids, target];
      ids.forEach((id, i) => {
        rows[layer + 1 + i].push(id);
        out.set(id, [chain[i + 2]]);
        into.set(id, [chain[i]]);
      });
      out.set(source, [...(out.get(source) ?? []).filter((one) => one !== target), ids[0]]);
      into.set(target, [...(into.get(target) ?? []).filter((one) => one !== source), ids[ids.length - 1]]);
      passes.set(wayOf(source, target), ids);
    }
  }
  return passes;
}

/** An order in which callers stand first, as far as there is one: from the roots on, each after it was met. */
function withoutCircles(ids: string[], out: Map<string, string[]>, into: Map<string, string[]>): string[] {
  const roots = ids.filter((id) => into.get(id)?.length === 0);
  const seen = new Set<string>();
  const done: string[] = [];
  for (const start of [...roots, ...ids]) {
    const open: [string, number][] = seen.has(start) ? [] : [[start, 0]];
    seen.add(start);
    while (open.length > 0) {
      const top = open[open.length - 1];
      const next = out.get(top[0])?.[top[1]++];
      if (next === undefined) {
        done.push(top[0]);
        open.pop();
      } else if (!seen.has(next)) {
        seen.add(next);
        open.push([next, 0]);
      }
    }
  }
  return done.reverse();
}

function layers(order: string[], out: Map<string, string[]>): Map<string, number> {
  const at = new Map(order.map((id, i) => [id, i]));
  const layer = new Map<string, number>();
  for (const id of order) {
    const own = layer.get(id) ?? 0;
    layer.set(id, own);
    for (const target of out.get(id) ?? []) {
      if ((at.get(target) ?? 0) > (at.get(id) ?? 0)) {
        layer.set(target, Math.max(layer.get(target) ?? 0, own + 1));
      }
    }
  }
  return layer;
}

/** Sorts each layer by where the neighbours lie, from the left and from the right in turn. */
function untangle(rows: string[][], out: Map<string, string[]>, into: Map<string, string[]>): void {
  const part = new Map<string, number>();
  const note = (row: string[]) => row.forEach((id, i) => part.set(id, (i + 0.5) / row.length));
  rows.forEach(note);
  for (let sweep = 0; sweep < sweeps; sweep++) {
    const forward = sweep % 2 === 0;
    for (const row of forward ? rows : [...rows].reverse()) {
      const middle = (id: string) => {
        const near = (forward ? into : out).get(id) ?? [];
        const sum = near.reduce((all, other) => all + (part.get(other) ?? 0), 0);
        return near.length === 0 ? (part.get(id) ?? 0) : sum / near.length;
      };
      const middles = new Map(row.map((id) => [id, middle(id)]));
      row.sort((a, b) => (middles.get(a) ?? 0) - (middles.get(b) ?? 0) || (a < b ? -1 : 1));
      note(row);
    }
  }
}

/** The way of a call: to the right as a curve; back, or to oneself, around below. */
export function callPath(from: Point, to: Point, self: boolean, through: readonly Point[] = []): string {
  const start = { x: from.x + boxWidth, y: from.y + boxHeight / 2 };
  const end = { x: to.x, y: to.y + boxHeight / 2 };
  if (self) {
    const bottom = from.y + boxHeight;
    return `M ${start.x - 30} ${bottom} C ${start.x - 20} ${bottom + 34}, ${from.x + 20} ${bottom + 34}, ${from.x + 30} ${bottom}`;
  }
  if (through.length > 0) {
    const bend = layerGap / 2;
    const parts = [`M ${start.x} ${start.y}`];
    let at = start;
    for (const point of [...through, to]) {
      const y = point.y + boxHeight / 2;
      parts.push(`C ${at.x + bend} ${at.y}, ${point.x - bend} ${y}, ${point.x} ${y}`);
      if (point !== to) {
        parts.push(`L ${point.x + boxWidth} ${y}`);
      }
      at = { x: point.x + boxWidth, y };
    }
    return parts.join(' ');
  }
  if (end.x >= start.x) {
    const bend = Math.max(40, (end.x - start.x) / 2);
    return `M ${start.x} ${start.y} C ${start.x + bend} ${start.y}, ${end.x - bend} ${end.y}, ${end.x} ${end.y}`;
  }
  const low = Math.max(from.y, to.y) + boxHeight + rowGap * 1.2;
  return `M ${from.x + boxWidth / 2} ${from.y + boxHeight} C ${from.x + boxWidth / 2} ${low}, ${to.x + boxWidth / 2} ${low}, ${to.x + boxWidth / 2} ${to.y + boxHeight}`;
}
