import { Anchor, Group, SegmentedControl, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useMemo, useState } from 'react';
import { Link } from 'react-router';

import { queryRange } from '../../../api/prometheus';
import type { TraceSpan } from '../../../api/traces';
import type { ChartConfig } from '../../../charts/chartTypes';
import { TimeSeriesChart } from '../../../charts/TimeSeriesChart';
import { ErrorMessage } from '../../../shared/components/ErrorMessage';
import { ListSkeleton } from '../../../shared/components/ListSkeleton';
import { queryLinkAt } from '../../../shared/links';
import { matrixData } from '../../query/matrixData';
import { metricQuestions, type MetricQuestion } from './metricQuestions';

const aroundMs = 1_800_000;
const stepSec = 15;

/** Rate, errors and durations of the span's service and operation, half an hour before and after it. */
export function ServiceMetrics({ span }: { span: TraceSpan }) {
  const [of, setOf] = useState<'operation' | 'service'>('operation');
  const questions = metricQuestions(span, of);
  return (
    <section aria-label="Metrics of the service">
      <Group gap="sm" mb={4}>
        <SegmentedControl
          size="xs"
          aria-label="Whose metrics"
          data={[
            { value: 'operation', label: 'This operation' },
            { value: 'service', label: `All of ${span.service}` },
          ]}
          value={of}
          onChange={(to) => setOf(to === 'service' ? 'service' : 'operation')}
        />
      </Group>
      <div
        style={{
          display: 'grid',
          gridTemplateColumns: 'repeat(auto-fit, minmax(min(100%, 300px), 1fr))',
          gap: 10,
        }}
      >
        {questions.map((question) => (
          <MetricChart key={question.title} question={question} atMs={Number(span.startNs) / 1e6} />
        ))}
      </div>
    </section>
  );
}

function MetricChart({ question, atMs }: { question: MetricQuestion; atMs: number }) {
  const [asTable, setAsTable] = useState(false);
  // Until the browser knows the future, its own clock ends the range.
  const [nowMs] = useState(() => Date.now());
  const startSec = Math.floor((atMs - aroundMs) / 1000);
  const endSec = Math.floor(Math.min(nowMs, atMs + aroundMs) / 1000);
  const answer = useQuery({
    queryKey: ['traces', 'metrics', question.expr, startSec],
    queryFn: ({ signal }) => queryRange({ query: question.expr, startSec, endSec, stepSec }, signal),
    staleTime: 60_000,
  });
  const data = useMemo(() => {
    const result = answer.data?.data;
    if (result?.resultType !== 'matrix') {
      return null;
    }
    const chart = matrixData(result.result, { startSec, endSec, stepSec });
    const names = result.result.map(({ metric }) => metric.quantile ?? question.title);
    return { ...chart, series: chart.series.map((series, i) => ({ ...series, name: names[i] })) };
  }, [answer.data, startSec, endSec, question.title]);
  const isAllZero = data?.series.every(({ values }) => values.every((value) => !value)) ?? false;
  const config = useMemo(
    (): ChartConfig => ({
      unit: question.unit,
      lineWidth: 1,
      fillOpacity: 10,
      min: 0,
      // Nothing but zeros would be drawn from 0 to 10,000 %.
      max: isAllZero && question.unit === 'percentunit' ? 1 : undefined,
      legend: { show: true, mode: 'list', placement: 'bottom', calcs: [] },
      tooltip: { mode: 'multi', sort: 'desc' },
    }),
    [question.unit, isAllZero],
  );
  return (
    <div className="surface" style={{ padding: 8 }}>
      <Group gap="xs" justify="space-between">
        <Text size="sm" fw={600}>
          {question.title}
        </Text>
        <Anchor component={Link} to={queryLinkAt(question.expr, endSec * 1000)} size="xs">
          Query
        </Anchor>
      </Group>
      {answer.isPending ? <ListSkeleton rows={1} height={130} /> : null}
      {answer.isError ? <ErrorMessage title="The query failed" error={answer.error} /> : null}
      {data && data.series.length === 0 ? (
        <Text size="sm" c="dimmed">
          Nothing was measured at that time.
        </Text>
      ) : null}
      {data && data.series.length > 0 ? (
        <div style={{ height: 150 }}>
          <TimeSeriesChart
            data={data}
            config={config}
            window={{ fromMs: startSec * 1000, toMs: endSec * 1000 }}
            label={question.title}
            asTable={asTable}
            onToggleTable={() => setAsTable((old) => !old)}
          />
        </div>
      ) : null}
    </div>
  );
}
