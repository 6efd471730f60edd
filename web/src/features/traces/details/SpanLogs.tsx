import { Anchor, Group, SegmentedControl, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { Link } from 'react-router';

import { queryLines } from '../../../api/loki';
import type { TraceSpan } from '../../../api/traces';
import { ErrorMessage } from '../../../shared/components/ErrorMessage';
import { ListSkeleton } from '../../../shared/components/ListSkeleton';
import { logsLink } from '../../../shared/links';
import { entriesOf, type LogEntry } from '../../logs/entries/entries';
import { formatExactTime, formatLineTime, msOfNs } from '../../logs/entries/nanoseconds';
import classes from './SpanLogs.module.css';
import { isOfSpan, mergeLines, timeAround, traceLineQueries } from './spanLogs';

/** Of one trace around one span; more than anybody reads here. */
const lineLimit = 500;
const shownLines = 100;

type Scope = 'span' | 'trace' | 'service';

/** The lines that a span, its trace or its service wrote, asked for by Loki's API. */
export function SpanLogs({ span }: { span: TraceSpan }) {
  const [picked, setPicked] = useState<Scope | null>(null);
  const range = timeAround(span);
  const ofTrace = useQuery({
    queryKey: ['traces', 'logs', span.traceId, range.startNs, range.endNs],
    queryFn: async ({ signal }) => {
      const answers = await Promise.all(
        traceLineQueries(span.traceId).map((query) => queryLines(query, range, 'forward', lineLimit, signal)),
      );
      return mergeLines(
        answers.map(({ data }) => (data.resultType === 'streams' ? entriesOf(data.result, 'forward') : [])),
      );
    },
    staleTime: 30_000,
  });
  const service = `{service_name=${JSON.stringify(span.service)}}`;
  const ofSpan = (ofTrace.data ?? []).filter((entry) => isOfSpan(entry, span.spanId));
  const scope: Scope = picked ?? (ofSpan.length > 0 || ofTrace.isPending ? 'span' : 'trace');
  const ofService = useQuery({
    queryKey: ['traces', 'logs', 'service', span.service, range.startNs, range.endNs],
    queryFn: async ({ signal }) => {
      const { data } = await queryLines(service, range, 'forward', lineLimit, signal);
      return data.resultType === 'streams' ? entriesOf(data.result, 'forward') : [];
    },
    enabled: scope === 'service',
    staleTime: 30_000,
  });
  const asked = scope === 'service' ? ofService : ofTrace;
  const entries: LogEntry[] = scope === 'span' ? ofSpan : (asked.data ?? []);
  const query =
    scope === 'service'
      ? service
      : `{service_name=~".+"} |= ${JSON.stringify(scope === 'span' && ofSpan.some(({ line }) => line.includes(span.spanId)) ? span.spanId : span.traceId)}`;
  const metadataOnly =
    scope !== 'service' && entries.length > 0 && entries.every(({ metadata }) => metadata.trace_id);
  const linkQuery = metadataOnly ? traceLineQueries(span.traceId)[1] : query;
  return (
    <section aria-label="Logs of the span" className={classes.logs}>
      <Group gap="sm" mb={4}>
        <SegmentedControl
          size="xs"
          aria-label="Whose lines"
          data={[
            { value: 'span', label: `This span${ofTrace.data ? ` ${ofSpan.length}` : ''}` },
            { value: 'trace', label: `Its trace${ofTrace.data ? ` ${ofTrace.data.length}` : ''}` },
            { value: 'service', label: `All of ${span.service}` },
          ]}
          value={scope}
          onChange={(to) => setPicked(to as Scope)}
        />
        <Anchor
          component={Link}
          size="xs"
          ml="auto"
          to={logsLink(linkQuery, String(msOfNs(range.startNs)), String(msOfNs(range.endNs)))}
        >
          Open in Logs
        </Anchor>
      </Group>
      {asked.isPending ? <ListSkeleton rows={1} height={40} /> : null}
      {asked.isError ? <ErrorMessage title="The lines could not be read" error={asked.error} /> : null}
      {asked.data && entries.length === 0 ? (
        <Text size="sm" c="dimmed">
          {scope === 'service'
            ? `No stream with the label service_name="${span.service}" has lines at that time.`
            : scope === 'span'
              ? 'No line names this span.'
              : 'No line of that time names this trace.'}
        </Text>
      ) : null}
      {entries.length > 0 ? (
        <ol className={classes.lines}>
          {entries.slice(0, shownLines).map((entry) => (
            <li key={entry.key} data-level={entry.level}>
              <span className={classes.time} title={formatExactTime(entry.timeNs)}>
                {formatLineTime(entry.timeNs, false).slice(6)}
              </span>
              <span className={classes.level}>{entry.level === 'unknown' ? '' : entry.level}</span>
              <span className={classes.text}>{entry.line}</span>
            </li>
          ))}
        </ol>
      ) : null}
      {entries.length > shownLines ? (
        <Text size="xs" c="dimmed">
          The first {shownLines} of {entries.length}; all are in Logs.
        </Text>
      ) : null}
    </section>
  );
}
