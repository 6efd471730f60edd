import { expect, it } from 'vitest';

import type { TraceSpan } from '../../../api/traces';
import type { LogEntry } from '../../logs/entries/entries';
import { isOfSpan, mergeLines, timeAround, traceLineQueries } from './spanLogs';

const entry = (timeNs: string, line: string, metadata: Record<string, string> = {}) =>
  ({ key: `${timeNs}-${line}`, timeNs, line, stream: {}, metadata, parsed: {} }) as unknown as LogEntry;

it('asks for the id in the text and in the metadata', () =>
  expect(traceLineQueries('ab')).toEqual([
    '{service_name=~".+"} |= "ab"',
    '{service_name=~".+"} | trace_id="ab"',
  ]));

it('looks a minute before and behind a span', () =>
  expect(timeAround({ startNs: '1700000000000000000', durationNs: 500 } as TraceSpan)).toEqual({
    startNs: '1699999940000000000',
    endNs: '1700000060000000500',
  }));

it('knows the lines of a span', () => {
  expect(isOfSpan(entry('1', 'x', { span_id: '0A' }), '0a')).toBe(true);
  expect(isOfSpan(entry('1', 'x of 0a', { span_id: '0b' }), '0a')).toBe(false);
  expect(isOfSpan(entry('1', '{"spanId":"0a"}'), '0a')).toBe(true);
  expect(isOfSpan(entry('1', 'request 0a done'), '0a')).toBe(true);
  expect(isOfSpan(entry('1', 'another'), '0a')).toBe(false);
});

it('merges two answers by time, each line once', () => {
  const [a, b, c] = [entry('10', 'a'), entry('9', 'b'), entry('11', 'c')];
  expect(
    mergeLines([
      [a, b],
      [c, { ...a }],
    ]).map(({ line }) => line),
  ).toEqual(['b', 'a', 'c']);
});
