import { Anchor, Button, Group, Text } from '@mantine/core';
import { IconChartLine, IconCopy, IconFileText, IconLink, IconTimeline } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { Link } from 'react-router';

import { basePath } from '../../../api/http';
import { getSpan, type TraceSpan } from '../../../api/traces';
import { ErrorMessage } from '../../../shared/components/ErrorMessage';
import { ListSkeleton } from '../../../shared/components/ListSkeleton';
import { traceLink, tracesLink } from '../../../shared/links';
import { copyText } from '../../logs/lines/copyText';
import { formatNs } from '../formatNs';
import { AttributeTable } from './AttributeTable';
import classes from './SpanDetails.module.css';
import { ServiceMetrics } from './ServiceMetrics';
import { SpanLogs } from './SpanLogs';

interface Props {
  traceId: string;
  spanId: string;
  row: number;
}

/** All that is known of a span, and where to go from it: its log lines, the metrics of its service, other traces. */
export function SpanDetails({ traceId, spanId, row }: Props) {
  const span = useQuery({
    queryKey: ['traces', 'span', traceId, spanId, row],
    queryFn: ({ signal }) => getSpan(traceId, spanId, row, signal),
    staleTime: Infinity,
  });
  if (span.isPending) {
    return (
      <div className={classes.details}>
        <ListSkeleton rows={1} height={120} />
      </div>
    );
  }
  if (span.isError) {
    return (
      <div className={classes.details}>
        <ErrorMessage
          title="The span could not be read"
          error={span.error}
          onRetry={() => void span.refetch()}
        />
      </div>
    );
  }
  return <Details span={span.data} />;
}

type Part = 'logs' | 'metrics' | null;

function Details({ span }: { span: TraceSpan }) {
  const [part, setPart] = useState<Part>('logs');
  const link = () =>
    new URL(`${basePath}${traceLink(span.traceId, span.spanId).slice(1)}`, location.href).href;
  const startMs = Number(span.startNs) / 1e6;
  const toggle = (to: Part) => setPart(part === to ? null : to);
  return (
    <div className={classes.details} data-span={span.spanId}>
      <Group gap="xs" mb={6}>
        <Text fw={650} className="wrap-anywhere">
          {span.operation}
        </Text>
        <Group gap={6} ml="auto">
          <Button
            size="compact-xs"
            variant={part === 'logs' ? 'light' : 'default'}
            aria-pressed={part === 'logs'}
            leftSection={<IconFileText size={13} />}
            onClick={() => toggle('logs')}
          >
            Logs
          </Button>
          <Button
            size="compact-xs"
            variant={part === 'metrics' ? 'light' : 'default'}
            aria-pressed={part === 'metrics'}
            leftSection={<IconChartLine size={13} />}
            onClick={() => toggle('metrics')}
          >
            Metrics
          </Button>
          <Button
            size="compact-xs"
            variant="default"
            component={Link}
            to={tracesLink(span.service, {
              operation: span.operation,
              from: String(Math.round(startMs - 1_800_000)),
              to: String(Math.round(startMs + 1_800_000)),
            })}
            leftSection={<IconTimeline size={13} />}
          >
            Traces like it
          </Button>
          <Button
            size="compact-xs"
            variant="default"
            leftSection={<IconLink size={13} />}
            onClick={() => copyText(link(), 'The link')}
          >
            Copy link
          </Button>
        </Group>
      </Group>
      <Facts span={span} />
      {span.statusMessage !== '' ? (
        <Text size="sm" c="var(--ph-red-text)" className="wrap-anywhere" mb={6}>
          {span.statusMessage}
        </Text>
      ) : null}
      {part === 'logs' ? <SpanLogs span={span} /> : null}
      {part === 'metrics' ? <ServiceMetrics span={span} /> : null}
      <div className={classes.columns}>
        <AttributeTable title="Attributes" attributes={span.attributes} dropped={span.droppedAttributes} />
        <AttributeTable title="Resource" attributes={span.resource} />
      </div>
      {span.events.length > 0 || span.droppedEvents > 0 ? (
        <section aria-label="Events" className={classes.part}>
          <h4>
            Events <small>{span.events.length}</small>
            {span.droppedEvents > 0 ? <small> {span.droppedEvents} left out by the sender</small> : null}
          </h4>
          {span.events.map((happened, i) => (
            <div key={i} className={classes.event}>
              <span className={classes.when}>{formatNs(happened.relativeNs)}</span>
              <div>
                <strong>{happened.name || 'event'}</strong>
                <AttributeTable attributes={happened.attributes} />
              </div>
            </div>
          ))}
        </section>
      ) : null}
      {span.links.length > 0 ? (
        <section aria-label="Links" className={classes.part}>
          <h4>
            Links <small>{span.links.length}</small>
          </h4>
          {span.links.map((other, i) => (
            <div key={i} className={classes.event}>
              <Anchor component={Link} to={traceLink(other.traceId, other.spanId)} size="sm" className="mono">
                {other.traceId === span.traceId ? `span ${other.spanId}` : `trace ${other.traceId}`}
              </Anchor>
              <AttributeTable attributes={other.attributes} />
            </div>
          ))}
        </section>
      ) : null}
      {span.scope.name !== '' ? (
        <Text size="xs" c="dimmed" mt={6}>
          made by {span.scope.name} {span.scope.version}
        </Text>
      ) : null}
    </div>
  );
}

function Facts({ span }: { span: TraceSpan }) {
  const facts: [string, string][] = [
    ['Service', span.service],
    ['Kind', span.kind],
    ['Status', span.status],
    ['Starts after', formatNs(span.relativeStartNs)],
    ['Duration', formatNs(span.durationNs)],
    ['Self time', formatNs(span.selfNs)],
  ];
  return (
    <dl className={classes.facts}>
      {facts.map(([name, value]) => (
        <div key={name}>
          <dt>{name}</dt>
          <dd data-error={value === 'error' || undefined}>{value}</dd>
        </div>
      ))}
      <div>
        <dt>Span</dt>
        <dd>
          <button type="button" className={classes.id} onClick={() => copyText(span.spanId, 'The id')}>
            <span className="mono">{span.spanId}</span> <IconCopy size={12} aria-label="copy" />
          </button>
        </dd>
      </div>
      {span.orphan ? (
        <div>
          <dt>Parent</dt>
          <dd>
            <span className="mono">{span.parentSpanId}</span> is not stored
          </dd>
        </div>
      ) : null}
    </dl>
  );
}
