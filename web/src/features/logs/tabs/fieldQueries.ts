import type { DetectedField } from '../../../api/loki';
import type { FieldOrigin } from '../query/editQuery';
import { findPipelines } from '../query/pipelines';

/** How a query gets at a field that the server found. */
export function originOf({ parsers }: DetectedField): FieldOrigin {
  return parsers?.includes('json') ? 'json' : parsers?.includes('logfmt') ? 'logfmt' : 'metadata';
}

const topCount = 20;

/** Counts the lines of each value of a field over the whole range, the most frequent ones. */
export function topValuesQuery(query: string, field: DetectedField, rangeMs: number): string {
  const origin = originOf(field);
  const stages = findPipelines(query)[0]?.stages ?? [];
  const parsed = origin === 'metadata' || stages.some(({ tokens }) => tokens[1]?.text === origin);
  const parser = parsed ? '' : ` | ${origin}`;
  const seconds = Math.max(1, Math.round(rangeMs / 1000));
  const lines = `${query}\n${parser} | __error__ = "" | ${field.label} != ""`;
  return `topk(${topCount}, sum by (${field.label}) (count_over_time(${lines} [${seconds}s])))`;
}
