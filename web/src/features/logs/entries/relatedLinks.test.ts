import { describe, expect, it } from 'vitest';

import type { EntryExtras } from '../../../api/loki';
import { entriesOf } from './entries';
import { relatedMetrics, spanIdOf, traceIdOf } from './relatedLinks';

const entry = (line: string, extras: EntryExtras = {}, stream = {}) =>
  entriesOf([{ stream, values: [['1700000000000000000', line, extras]] }], 'backward')[0];

const id = '4bf92f3577b34da6a3ce929d0e0e4736';

it('finds the span that wrote a line', () => {
  expect(spanIdOf(entry('x', { structuredMetadata: { span_id: '00F067AA0BA902B7' } }))).toBe(
    '00f067aa0ba902b7',
  );
  expect(spanIdOf(entry('{"spanId":"7"}'))).toBe('');
  expect(spanIdOf(entry('nothing'))).toBe('');
});

describe('traceIdOf', () => {
  it('finds the id in metadata, in fields of the line and in a traceparent', () => {
    expect(traceIdOf(entry('x', { structuredMetadata: { trace_id: id } }))).toBe(id);
    expect(traceIdOf(entry(`{"traceID":"${id.toUpperCase()}"}`))).toBe(id);
    expect(traceIdOf(entry(`level=info traceparent=00-${id}-00f067aa0ba902b7-01`))).toBe(id);
    expect(traceIdOf(entry('{"traceId":"a3ce929d0e0e4736"}'))).toBe('a3ce929d0e0e4736');
  });

  it('takes nothing that is no id', () => {
    expect(traceIdOf(entry('{"trace_id":"none"}'))).toBeNull();
    expect(traceIdOf(entry(`{"trace_id":"${'0'.repeat(32)}"}`))).toBeNull();
    expect(traceIdOf(entry('plain'))).toBeNull();
  });
});

describe('relatedMetrics', () => {
  it('asks for the metrics of a pod and for the state of an instance', () => {
    const links = relatedMetrics(
      entry('x', {}, { namespace: 'shop', pod: 'p-1', instance: 'h:1', job: 'j' }),
    );
    expect(links.map(({ to }) => new URLSearchParams(to.split('?')[1]).get('g0.expr'))).toEqual([
      'sort_desc(count by (__name__) ({namespace="shop", pod="p-1"}))',
      'up{job="j", instance="h:1"}',
    ]);
  });

  it('has nothing to offer without such labels', () => {
    expect(relatedMetrics(entry('x', {}, { app: 'a' }))).toEqual([]);
  });
});
