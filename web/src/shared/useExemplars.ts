import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { useMemo } from 'react';

import { getExemplars } from '../api/exemplars';
import { useServerInfo } from '../app/useServerInfo';
import type { ChartExemplar } from '../charts/chartTypes';
import { formatValue } from '../charts/formatValue';
import { traceLink } from './links';
import { formatDateTime } from './time/formatTime';

const none: ChartExemplar[] = [];

/** What a query reads has exemplars worth drawing only where it reads the buckets of a histogram. */
const readsBuckets = (expr: string) => /_bucket\b|histogram_quantile/.test(expr);

/** Exemplars of queries, as links to their traces; none where the server keeps no traces. */
export function useExemplars(exprs: string[], fromMs: number, toMs: number, unit = ''): ChartExemplar[] {
  const { traces } = useServerInfo();
  const asked = exprs.filter(readsBuckets);
  const answer = useQuery({
    queryKey: ['exemplars', asked, fromMs, toMs],
    queryFn: async ({ signal }) => {
      const lists = await Promise.all(asked.map((expr) => getExemplars(expr, fromMs, toMs, signal)));
      return lists.flat();
    },
    enabled: traces === true && asked.length > 0,
    placeholderData: keepPreviousData,
    retry: false,
  });
  return useMemo(
    () =>
      answer.data?.map(({ timeMs, value, traceId, spanId }) => ({
        timeMs,
        value,
        title: `Trace of ${formatValue(value, unit || 'short')} at ${formatDateTime(timeMs).slice(11)}`,
        to: traceLink(traceId, spanId),
      })) ?? none,
    [answer.data, unit],
  );
}
