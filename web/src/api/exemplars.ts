import { requestData } from './http';
import type { Labels } from './prometheus';

export interface Exemplar {
  seriesLabels: Labels;
  labels: Labels;
  timeMs: number;
  value: number;
  traceId: string;
  spanId: string;
}

interface ExemplarSeries {
  seriesLabels: Labels;
  exemplars: { labels: Labels; value: string; timestamp: number }[];
}

/** As OpenMetrics and OpenTelemetry, Tempo, and older clients call it. */
const traceLabels = ['trace_id', 'traceID', 'traceId', 'TraceID'];
const spanLabels = ['span_id', 'spanID', 'spanId', 'SpanID'];

const first = (labels: Labels, names: string[]) => names.map((name) => labels[name]).find(Boolean) ?? '';

/** The exemplars of the series that a query reads, those that lead to a trace. */
export async function getExemplars(
  query: string,
  fromMs: number,
  toMs: number,
  signal?: AbortSignal,
): Promise<Exemplar[]> {
  const params = new URLSearchParams({
    query,
    start: (fromMs / 1000).toFixed(3),
    end: (toMs / 1000).toFixed(3),
  });
  const series = await requestData<ExemplarSeries[] | null>(`api/v1/query_exemplars?${params}`, { signal });
  return (series ?? []).flatMap(({ seriesLabels, exemplars }) =>
    exemplars
      .map(({ labels, value, timestamp }) => ({
        seriesLabels,
        labels,
        timeMs: timestamp * 1000,
        value: Number(value),
        traceId: first(labels, traceLabels),
        spanId: first(labels, spanLabels),
      }))
      .filter(({ traceId, value }) => traceId !== '' && Number.isFinite(value)),
  );
}
