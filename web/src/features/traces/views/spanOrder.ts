import type { Timeline } from '../../../api/traces';

export type SpanColumn = 'service' | 'operation' | 'kind' | 'start' | 'duration' | 'id';

export const kindNames = ['–', 'internal', 'server', 'client', 'producer', 'consumer'];

/** Rows of the timeline by one of their columns; equal ones stay in the timeline's order. */
export function spanOrder(
  timeline: Timeline,
  column: SpanColumn,
  down: boolean,
  only: ReadonlySet<number> | null,
): number[] {
  const { rows } = timeline;
  const order = [...rows.id.keys()].filter((row) => only === null || only.has(row));
  const by: Record<SpanColumn, (a: number, b: number) => number> = {
    service: (a, b) => compareText(timeline.services[rows.service[a]], timeline.services[rows.service[b]]),
    operation: (a, b) =>
      compareText(timeline.operations[rows.operation[a]], timeline.operations[rows.operation[b]]),
    kind: (a, b) => compareText(kindNames[rows.kind[a]], kindNames[rows.kind[b]]),
    start: (a, b) => rows.start[a] - rows.start[b],
    duration: (a, b) => rows.duration[a] - rows.duration[b],
    id: (a, b) => compareText(rows.id[a], rows.id[b]),
  };
  const sign = down ? -1 : 1;
  return order.sort((a, b) => sign * by[column](a, b) || a - b);
}

const compareText = (a: string, b: string) => (a < b ? -1 : a > b ? 1 : 0);
