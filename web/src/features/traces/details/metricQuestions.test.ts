import { expect, it } from 'vitest';

import type { TraceSpan } from '../../../api/traces';
import { metricQuestions } from './metricQuestions';

const span = { service: 'shop', operation: 'GET "/x"' } as TraceSpan;

it('asks for the operation by its quoted name', () =>
  expect(metricQuestions(span, 'operation')[0].expr).toBe(
    'sum(rate(traces_span_metrics_calls_total{service_name="shop", span_name="GET \\"/x\\""}[2m]))',
  ));

it('asks for a whole service by what it serves', () =>
  expect(metricQuestions(span, 'service')[1].expr).toBe(
    '(sum(rate(traces_span_metrics_calls_total{service_name="shop", span_kind=~"SPAN_KIND_SERVER|SPAN_KIND_CONSUMER", status_code="STATUS_CODE_ERROR"}[2m]))' +
      ' or 0 * sum(rate(traces_span_metrics_calls_total{service_name="shop", span_kind=~"SPAN_KIND_SERVER|SPAN_KIND_CONSUMER"}[2m])))' +
      ' / sum(rate(traces_span_metrics_calls_total{service_name="shop", span_kind=~"SPAN_KIND_SERVER|SPAN_KIND_CONSUMER"}[2m]))',
  ));
