import { Anchor, CloseButton, Group, Stack, Text } from '@mantine/core';
import { Link } from 'react-router';

import { logsLink, tracesLink } from '../../../shared/links';
import type { TimeRange } from '../../../shared/time/useTimeRange';
import { healthWords, msText, percentText, rateText } from './mapTexts';
import { nameOf, type MapCall, type MapService, type ServiceGraph } from './serviceGraph';
import classes from './ServiceMapPage.module.css';

interface Props {
  graph: ServiceGraph;
  chosen: string;
  range: TimeRange;
  onClose: () => void;
}

/** What is known of the chosen service or call, and where to go from it. */
export function MapSelection({ graph, chosen, range, onClose }: Props) {
  const service = graph.services.find(({ id }) => id === chosen);
  const call = graph.calls.find(({ id }) => id === chosen);
  if (!service && !call) {
    return null;
  }
  return (
    <aside className={classes.side} aria-label="Chosen">
      <Group justify="space-between" wrap="nowrap" align="flex-start">
        <Text fw={650} className="wrap-anywhere">
          {service
            ? service.name
            : call
              ? `${nameOf(graph, call.source)} → ${nameOf(graph, call.target)}`
              : ''}
        </Text>
        <CloseButton size="sm" aria-label="Close" onClick={onClose} />
      </Group>
      {service ? <ServiceFacts service={service} graph={graph} range={range} /> : null}
      {call ? <CallFacts call={call} target={nameOf(graph, call.target)} range={range} /> : null}
    </aside>
  );
}

function ServiceFacts({
  service,
  graph,
  range,
}: {
  service: MapService;
  graph: ServiceGraph;
  range: TimeRange;
}) {
  const callers = graph.calls.filter(({ target }) => target === service.id).length;
  const called = graph.calls.filter(({ source }) => source === service.id).length;
  const more = { from: range.from, to: range.to };
  return (
    <>
      <dl className={classes.facts}>
        <dt>Health</dt>
        <dd>
          <i className={classes.health} data-health={service.health} />
          {healthWords[service.health]}
        </dd>
        <dt>Requests</dt>
        <dd>{rateText(service.rate)}</dd>
        <dt>Errors</dt>
        <dd>{percentText(service.errorPercent)}</dd>
        <dt>Called by</dt>
        <dd>{callers}</dd>
        <dt>Calls</dt>
        <dd>{called}</dd>
        {service.namespace !== '' ? (
          <>
            <dt>Namespace</dt>
            <dd>{service.namespace}</dd>
          </>
        ) : null}
      </dl>
      <Stack gap={4}>
        <Anchor component={Link} size="sm" to={tracesLink(service.name, more)}>
          Its traces
        </Anchor>
        <Anchor component={Link} size="sm" to={tracesLink(service.name, { error: 'true', ...more })}>
          Its traces with errors
        </Anchor>
        <Anchor component={Link} size="sm" to={tracesLink(service.name, { sort: 'longest', ...more })}>
          Its longest traces
        </Anchor>
        <Anchor
          component={Link}
          size="sm"
          to={logsLink(`{service_name=${JSON.stringify(service.name)}}`, range.from, range.to)}
        >
          Its logs
        </Anchor>
      </Stack>
    </>
  );
}

function CallFacts({ call, target, range }: { call: MapCall; target: string; range: TimeRange }) {
  return (
    <>
      <dl className={classes.facts}>
        <dt>Health</dt>
        <dd>
          <i className={classes.health} data-health={call.health} />
          {healthWords[call.health]}
        </dd>
        <dt>Protocol</dt>
        <dd>{call.protocol}</dd>
        <dt>Requests</dt>
        <dd>{rateText(call.rate, call.protocol)}</dd>
        <dt>Errors</dt>
        <dd>{percentText(call.errorPercent)}</dd>
        <dt>p50</dt>
        <dd>{msText(call.p50)}</dd>
        <dt>p95</dt>
        <dd>{msText(call.p95)}</dd>
        <dt>p99</dt>
        <dd>{msText(call.p99)}</dd>
      </dl>
      <Anchor component={Link} size="sm" to={tracesLink(target, { from: range.from, to: range.to })}>
        Traces of {target}
      </Anchor>
    </>
  );
}
