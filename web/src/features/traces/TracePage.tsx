import { Badge, Button, CloseButton, Group, Menu, Tabs, Text, TextInput } from '@mantine/core';
import {
  IconArrowsDiff,
  IconChevronDown,
  IconChevronUp,
  IconCopy,
  IconSearch,
  IconUnlink,
} from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { useCallback, useMemo, useRef, useState } from 'react';
import { useNavigate, useParams } from 'react-router';

import { ApiError } from '../../api/http';
import { findInTrace, getTimeline, type Timeline } from '../../api/traces';
import { ErrorMessage } from '../../shared/components/ErrorMessage';
import { IconButton } from '../../shared/components/IconButton';
import { ListSkeleton } from '../../shared/components/ListSkeleton';
import { Notice } from '../../shared/components/Notice';
import { PageHeader } from '../../shared/components/PageHeader';
import { StateMessage } from '../../shared/components/StateMessage';
import { formatDateTime } from '../../shared/time/formatTime';
import { useUrlState } from '../../shared/useUrlState';
import { copyText } from '../logs/lines/copyText';
import { ComparePage } from './compare/ComparePage';
import { formatNs } from './formatNs';
import { traceIdIn } from './search/tracesUrl';
import { serviceColors } from './serviceColor';
import { TimelineTab } from './timeline/TimelineTab';
import classes from './TracePage.module.css';
import { FlameTab } from './views/FlameTab';
import { JsonTab } from './views/JsonTab';
import { SpansTab } from './views/SpansTab';
import { StatisticsTab } from './views/StatisticsTab';

/** One trace, or two of them side by side: `a...b`. */
export function Component() {
  const { id = '' } = useParams();
  const [a, b] = id.split('...');
  return b === undefined ? <TracePage key={a} id={a} /> : <ComparePage key={id} a={a} b={b} />;
}

function TracePage({ id }: { id: string }) {
  const trace = useQuery({
    queryKey: ['traces', 'timeline', id],
    queryFn: ({ signal }) => getTimeline(id, signal),
    staleTime: Infinity,
    gcTime: 60_000,
    retry: false,
  });
  if (trace.isPending) {
    return (
      <>
        <PageHeader title="Trace" />
        <ListSkeleton rows={8} height={28} />
      </>
    );
  }
  if (trace.isError) {
    const missing = trace.error instanceof ApiError && trace.error.status === 404;
    return (
      <>
        <PageHeader title="Trace" description={id} />
        {missing ? (
          <StateMessage icon={IconUnlink} title="This trace is not stored">
            No span of it has arrived, or its time is over.{' '}
            <Button size="compact-sm" variant="default" onClick={() => void trace.refetch()}>
              Look again
            </Button>
          </StateMessage>
        ) : (
          <ErrorMessage
            title="The trace could not be read"
            error={trace.error}
            onRetry={() => void trace.refetch()}
          />
        )}
      </>
    );
  }
  return <TraceView timeline={trace.data} />;
}

const tabs = [
  ['timeline', 'Timeline'],
  ['flame', 'Flame graph'],
  ['statistics', 'Statistics'],
  ['spans', 'Spans'],
  ['json', 'JSON'],
] as const;

function TraceView({ timeline }: { timeline: Timeline }) {
  const [tab, setTab] = useUrlState('tab', 'timeline');
  const [linkedSpan] = useUrlState('span');
  const [text, setText] = useUrlState('find');
  const field = useRef<HTMLInputElement>(null);
  const [target, setTarget] = useState<{ row: number; open: boolean } | null>(() => {
    const row = linkedSpan === '' ? -1 : timeline.rows.id.indexOf(linkedSpan.toLowerCase().padStart(16, '0'));
    return row >= 0 ? { row, open: true } : null;
  });
  const colors = useMemo(() => serviceColors(timeline.services), [timeline.services]);
  const found = useQuery({
    queryKey: ['traces', 'find', timeline.traceId, text],
    queryFn: ({ signal }) => findInTrace(timeline.traceId, text, signal),
    enabled: text !== '',
    staleTime: Infinity,
  });
  const rows = useMemo(() => (text === '' ? [] : (found.data ?? [])), [text, found.data]);
  const foundSet = useMemo(() => new Set(rows), [rows]);
  const [at, setAt] = useState(-1);
  const [searched, setSearched] = useState(rows);
  if (searched !== rows) {
    setSearched(rows);
    setAt(rows.length > 0 ? 0 : -1);
    if (rows.length > 0) {
      setTarget({ row: rows[0], open: false });
    }
  }
  const step = (by: number) => {
    if (rows.length > 0) {
      const next = (at + by + rows.length) % rows.length;
      setAt(next);
      setTarget({ row: rows[next], open: false });
    }
  };
  const focusSearch = useCallback(() => field.current?.focus(), []);
  const clearSearch = useCallback(() => setText(''), [setText]);
  const openSpan = (row: number) => {
    setTarget({ row, open: true });
    setTab('timeline');
  };
  const { service, operation } = rootOf(timeline);
  const depth = timeline.rows.depth.reduce((most, one) => Math.max(most, one), 0) + 1;
  const startMs = Number(timeline.startNs) / 1e6;
  return (
    <>
      <PageHeader
        title={`${service}: ${operation}`}
        description={
          <span className={classes.facts}>
            <button
              type="button"
              className={`mono ${classes.id}`}
              title="Copy the id of the trace"
              onClick={() => copyText(timeline.traceId, 'The id')}
            >
              {timeline.traceId} <IconCopy size={12} aria-hidden />
            </button>
            <span>{formatDateTime(startMs)}</span>
            <span>
              <b>{formatNs(timeline.durationNs)}</b>
            </span>
            <span>
              {timeline.spans} {timeline.spans === 1 ? 'span' : 'spans'}
            </span>
            <span>{depth} deep</span>
            {timeline.errors > 0 ? (
              <Badge component="span" color="red" variant="light" size="sm">
                {timeline.errors} {timeline.errors === 1 ? 'error' : 'errors'}
              </Badge>
            ) : null}
          </span>
        }
      >
        <TextInput
          ref={field}
          key={text === '' ? 'empty' : 'asked'}
          size="xs"
          w={{ base: '100%', xs: 250 }}
          aria-label="Find in this trace"
          placeholder="Find, also key=value"
          data-page-search
          defaultValue={text}
          autoFocus={text !== '' && document.activeElement?.matches('[data-page-search]')}
          leftSection={<IconSearch size={14} />}
          rightSection={
            text === '' ? null : <CloseButton size="xs" aria-label="Clear the search" onClick={clearSearch} />
          }
          onKeyDown={(event) => {
            if (event.key === 'Enter') {
              const wanted = event.currentTarget.value.trim();
              if (wanted === text) {
                step(event.shiftKey ? -1 : 1);
              } else {
                setText(wanted);
              }
            } else if (event.key === 'Escape') {
              clearSearch();
              event.currentTarget.blur();
            }
          }}
        />
        {text !== '' ? (
          <Group gap={2} wrap="nowrap" role="group" aria-label="Places found">
            <Text size="xs" className="tabular" role="status">
              {found.isFetching ? '…' : rows.length === 0 ? 'nothing' : `${at + 1} of ${rows.length}`}
            </Text>
            <IconButton
              label="Previous place"
              icon={IconChevronUp}
              disabled={rows.length === 0}
              onClick={() => step(-1)}
            />
            <IconButton
              label="Next place"
              icon={IconChevronDown}
              disabled={rows.length === 0}
              onClick={() => step(1)}
            />
          </Group>
        ) : null}
        <CompareMenu id={timeline.traceId} />
      </PageHeader>
      {timeline.leftOut > 0 ? (
        <Notice>
          The trace has {timeline.leftOut.toLocaleString('en-US')} more spans than are shown: the earliest{' '}
          {timeline.spans.toLocaleString('en-US')} are here.
        </Notice>
      ) : null}
      <ul className={classes.services} aria-label="Services">
        {timeline.services.slice(0, 24).map((name, i) => (
          <li key={name}>
            <i style={{ background: colors[i] }} />
            {name}
          </li>
        ))}
        {timeline.services.length > 24 ? <li>and {timeline.services.length - 24} more</li> : null}
      </ul>
      <section className="surface" aria-label="Trace">
        <Tabs value={tab} onChange={(to) => setTab(to ?? 'timeline')} keepMounted={false}>
          <Tabs.List px="sm">
            {tabs.map(([name, title]) => (
              <Tabs.Tab key={name} value={name}>
                {title}
              </Tabs.Tab>
            ))}
          </Tabs.List>
          <Tabs.Panel value="timeline">
            <TimelineTab
              timeline={timeline}
              colors={colors}
              found={foundSet}
              target={target}
              onSearchFocus={focusSearch}
              onClearSearch={clearSearch}
            />
          </Tabs.Panel>
          <Tabs.Panel value="flame">
            <FlameTab traceId={timeline.traceId} />
          </Tabs.Panel>
          <Tabs.Panel value="statistics">
            <StatisticsTab traceId={timeline.traceId} durationNs={timeline.durationNs} />
          </Tabs.Panel>
          <Tabs.Panel value="spans">
            <SpansTab
              timeline={timeline}
              colors={colors}
              found={text === '' ? null : foundSet}
              onOpen={openSpan}
            />
          </Tabs.Panel>
          <Tabs.Panel value="json">
            <JsonTab traceId={timeline.traceId} />
          </Tabs.Panel>
        </Tabs>
      </section>
    </>
  );
}

function rootOf(timeline: Timeline) {
  const { rows } = timeline;
  return {
    service: timeline.services[rows.service[0]] ?? '',
    operation: timeline.operations[rows.operation[0]] || 'unnamed',
  };
}

function CompareMenu({ id }: { id: string }) {
  const navigate = useNavigate();
  const [draft, setDraft] = useState('');
  const other = traceIdIn(draft);
  const compare = () => {
    if (other) {
      void navigate(`/traces/${id}...${other}`);
    }
  };
  return (
    <Menu position="bottom-end" trapFocus width={320}>
      <Menu.Target>
        <Button variant="default" leftSection={<IconArrowsDiff size={15} />}>
          Compare
        </Button>
      </Menu.Target>
      <Menu.Dropdown p="xs">
        <TextInput
          label="With the trace"
          placeholder="its id"
          value={draft}
          data-autofocus
          onChange={(event) => setDraft(event.currentTarget.value)}
          onKeyDown={(event) => event.key === 'Enter' && compare()}
        />
        <Button mt="xs" fullWidth disabled={other === null} onClick={compare}>
          Show the differences
        </Button>
      </Menu.Dropdown>
    </Menu>
  );
}
