import { Badge, Button, Checkbox, Group, Select, Text } from '@mantine/core';
import { IconAlertTriangle, IconArrowsDiff } from '@tabler/icons-react';
import { useState } from 'react';
import { Link } from 'react-router';

import type { TraceSummary } from '../../../api/traces';
import { traceLink } from '../../../shared/links';
import { RelativeTime } from '../../../shared/time/RelativeTime';
import { formatDateTime } from '../../../shared/time/formatTime';
import { formatNs } from '../formatNs';
import { serviceColor } from '../serviceColor';
import classes from './TraceList.module.css';
import type { TraceSort } from './tracesUrl';

interface Props {
  traces: TraceSummary[];
  whole: boolean;
  sort: TraceSort;
  hasMore: boolean;
  loadingMore: boolean;
  onSort: (sort: TraceSort) => void;
  onMore: () => void;
}

const sortTitles: Record<TraceSort, string> = {
  newest: 'Newest first',
  longest: 'Longest first',
  shortest: 'Shortest first',
  'most-spans': 'Most spans first',
  'fewest-spans': 'Fewest spans first',
};

const shownServices = 8;

export function TraceList({ traces, whole, sort, hasMore, loadingMore, onSort, onMore }: Props) {
  const [chosen, setChosen] = useState<string[]>([]);
  const longest = Math.max(1, ...traces.map(({ durationNs }) => durationNs));
  const choose = (id: string) =>
    setChosen((old) => (old.includes(id) ? old.filter((one) => one !== id) : [...old, id].slice(-2)));
  return (
    <>
      <Group className={classes.head} gap="sm">
        <Text size="sm" fw={600}>
          {traces.length}
          {hasMore ? '+' : ''} {traces.length === 1 ? 'trace' : 'traces'}
        </Text>
        {whole ? null : (
          <Text size="xs" c="dimmed">
            of the newest 20,000 that fit; a shorter range puts all in order
          </Text>
        )}
        <Group gap="xs" ml="auto">
          <Button
            component={Link}
            to={traceLink('').replace(/\/$/, '') + `/${chosen.join('...')}`}
            variant="default"
            leftSection={<IconArrowsDiff size={15} />}
            data-disabled={chosen.length < 2 || undefined}
            aria-disabled={chosen.length < 2}
            onClick={(event) => chosen.length < 2 && event.preventDefault()}
          >
            {chosen.length < 2 ? 'Choose two to compare' : 'Compare the two'}
          </Button>
          <Select
            aria-label="Order"
            size="xs"
            w={160}
            allowDeselect={false}
            data={Object.entries(sortTitles).map(([value, label]) => ({ value, label }))}
            value={sort}
            onChange={(to) => onSort((to ?? 'newest') as TraceSort)}
          />
        </Group>
      </Group>
      <ul className={classes.list} aria-label="Traces">
        {traces.map((trace) => (
          <TraceItem
            key={trace.traceId}
            trace={trace}
            part={trace.durationNs / longest}
            chosen={chosen.includes(trace.traceId)}
            onChoose={choose}
          />
        ))}
      </ul>
      {hasMore ? (
        <Group justify="center" p="sm">
          <Button variant="default" loading={loadingMore} onClick={onMore}>
            More
          </Button>
        </Group>
      ) : null}
    </>
  );
}

interface ItemProps {
  trace: TraceSummary;
  part: number;
  chosen: boolean;
  onChoose: (id: string) => void;
}

function TraceItem({ trace, part, chosen, onChoose }: ItemProps) {
  const name = trace.rootName === '' ? `trace ${trace.traceId.slice(0, 8)} without root` : trace.rootName;
  const startMs = Number(trace.startNs) / 1e6;
  return (
    <li className={classes.item} data-trace={trace.traceId}>
      <Checkbox
        size="xs"
        className={classes.choose}
        aria-label={`Compare ${name}`}
        checked={chosen}
        onChange={() => onChoose(trace.traceId)}
      />
      <Link to={traceLink(trace.traceId)} className={classes.link}>
        <span className={classes.first}>
          <span className={classes.name}>
            {trace.rootService === '' ? null : <strong>{trace.rootService}</strong>} {name}
          </span>
          {trace.errors > 0 ? (
            <Badge size="sm" color="red" variant="light" leftSection={<IconAlertTriangle size={11} />}>
              {trace.errors} {trace.errors === 1 ? 'error' : 'errors'}
            </Badge>
          ) : null}
          {trace.orphans > 0 ? (
            <Badge size="sm" color="yellow" variant="light" className={classes.incomplete}>
              incomplete
            </Badge>
          ) : null}
          <span className={classes.duration}>{formatNs(trace.durationNs)}</span>
        </span>
        <span className={classes.bar} aria-hidden>
          <span
            style={{ width: `${Math.max(0.4, part * 100)}%` }}
            data-error={trace.errors > 0 || undefined}
          />
        </span>
        <span className={classes.second}>
          <span>
            {trace.spans} {trace.spans === 1 ? 'span' : 'spans'}
          </span>
          {trace.services.slice(0, shownServices).map((service) => (
            <span key={service.name} className={classes.service}>
              <i style={{ background: serviceColor(service.name) }} />
              {service.name} ({service.spans})
            </span>
          ))}
          {trace.services.length > shownServices ? (
            <span>and {trace.services.length - shownServices} services</span>
          ) : null}
          <span className={classes.when} title={formatDateTime(startMs)}>
            <RelativeTime at={new Date(startMs).toISOString()} inherit />
          </span>
        </span>
      </Link>
    </li>
  );
}
