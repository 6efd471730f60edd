import type { TraceSpan } from '../../../api/traces';

export interface MetricQuestion {
  title: string;
  expr: string;
  unit: string;
}

const prefix = 'traces_span_metrics_';

/** What is asked of the metrics that are made of spans as they come in, under the names of OpenTelemetry's connector. */
export function metricQuestions(span: TraceSpan, of: 'operation' | 'service'): MetricQuestion[] {
  const labels = [`service_name=${JSON.stringify(span.service)}`];
  if (of === 'operation') {
    labels.push(`span_name=${JSON.stringify(span.operation)}`);
  } else {
    labels.push('span_kind=~"SPAN_KIND_SERVER|SPAN_KIND_CONSUMER"');
  }
  const selector = `{${labels.join(', ')}}`;
  const failed = `{${[...labels, 'status_code="STATUS_CODE_ERROR"'].join(', ')}}`;
  const calls = (which: string) => `sum(rate(${prefix}calls_total${which}[2m]))`;
  const quantile = (q: number) =>
    `label_replace(histogram_quantile(${q}, sum by (le) (rate(${prefix}duration_milliseconds_bucket${selector}[2m]))), "quantile", "p${q * 100}", "", "")`;
  return [
    { title: 'Calls per second', expr: calls(selector), unit: 'reqps' },
    {
      title: 'Share of errors',
      // Without an error there is no series of errors, which is a share of 0.
      expr: `(${calls(failed)} or 0 * ${calls(selector)}) / ${calls(selector)}`,
      unit: 'percentunit',
    },
    { title: 'Duration', expr: [0.5, 0.95, 0.99].map(quantile).join(' or '), unit: 'ms' },
  ];
}
