import { Button, Group, SegmentedControl, Switch, Tabs } from '@mantine/core';
import { IconAccessPoint, IconAccessPointOff } from '@tabler/icons-react';
import { useIsFetching, useQuery, useQueryClient } from '@tanstack/react-query';
import { useCallback, useMemo, useState } from 'react';

import { getDetectedFields, getLabelNames, getLabelValues, type NsRange } from '../../api/loki';
import { basePath } from '../../api/http';
import { useServerInfo } from '../../app/useServerInfo';
import { PageHeader } from '../../shared/components/PageHeader';
import { RefreshPicker } from '../../shared/time/RefreshPicker';
import { TimeRangePicker } from '../../shared/time/TimeRangePicker';
import { useTimeRange } from '../../shared/time/useTimeRange';
import { ContextDrawer } from './context/ContextDrawer';
import { LevelHistogram } from './histogram/LevelHistogram';
import type { LogEntry } from './entries/entries';
import { LineActionsContext, type LineActions } from './lines/lineActions';
import { LinesPanel } from './lines/LinesPanel';
import { nsOfMs } from './entries/nanoseconds';
import { logsTabs, type LogsTab } from './logsUrl';
import classes from './LogsPage.module.css';
import { MetricResult } from './MetricResult';
import { addFieldFilter, addLineFilter, addMatcher, fillVariables } from './query/editQuery';
import { isMetricQuery, selectorOf } from './query/pipelines';
import { QueryBar } from './QueryBar';
import { LogBrowser } from './start/LogBrowser';
import { FieldsTab } from './tabs/FieldsTab';
import { PatternsHint, PatternsTab } from './tabs/PatternsTab';
import { RejectedTab } from './tabs/RejectedTab';
import { ShippedTab } from './tabs/ShippedTab';
import { LiveLines } from './tail/LiveLines';
import { useListHeight } from './useListHeight';
import { useLogsState } from './useLogsState';

const usualRange = { from: 'now-1h', to: 'now', refresh: '' };
const tabTitles: Record<LogsTab, string> = {
  lines: 'Lines',
  patterns: 'Patterns',
  fields: 'Fields',
  rejected: 'Rejected',
  shipped: 'Shipped',
};

export function Component() {
  const range = useTimeRange(usualRange);
  const [state, update] = useLogsState();
  const [runs, setRuns] = useState(0);
  const [error, setError] = useState('');
  const [context, setContext] = useState<LogEntry | null>(null);
  const client = useQueryClient();
  const busy = useIsFetching({ queryKey: ['logs'] }) > 0;
  const info = useServerInfo();
  const { ref: listRef, height } = useListHeight();

  const rangeSec = (range.toMs - range.fromMs) / 1000;
  const query = fillVariables(state.query, rangeSec, Math.max(1, Math.floor(rangeSec / 250)));
  const metric = isMetricQuery(query);
  const run = `${range.tick} ${runs}`;
  const nsRange = useMemo(
    (): NsRange => ({ startNs: nsOfMs(range.fromMs), endNs: nsOfMs(range.toMs) }),
    [range.fromMs, range.toMs],
  );
  const streamLabels = useQuery({
    queryKey: ['logs', 'labels', nsRange, run],
    queryFn: ({ signal }) => getLabelNames(nsRange, signal),
  });

  const source = useMemo(
    () => ({
      labelNames: () =>
        client.fetchQuery({
          queryKey: ['logs', 'labels', nsRange, run],
          queryFn: ({ signal }) => getLabelNames(nsRange, signal),
          staleTime: 60_000,
        }),
      labelValues: (name: string, selector: string) =>
        client.fetchQuery({
          queryKey: ['logs', 'values', name, selector, nsRange],
          queryFn: ({ signal }) => getLabelValues(name, nsRange, selector, signal),
          staleTime: 60_000,
        }),
      fieldNames: async () => {
        const selector = selectorOf(state.query);
        const fields = await client.fetchQuery({
          queryKey: ['logs', 'field-names', selector, nsRange],
          queryFn: ({ signal }) =>
            selector === '' ? [] : getDetectedFields(selector, nsRange, 200, signal).catch(() => []),
          staleTime: 60_000,
        });
        return fields.map(({ label }) => label);
      },
    }),
    [client, nsRange, run, state.query],
  );

  const runQuery = useCallback(
    (text: string) => {
      setError('');
      setRuns((old) => old + 1);
      range.refreshNow();
      update({ query: text, line: '' });
    },
    [range, update],
  );

  const actions = useMemo(
    (): LineActions => ({
      filter: (field, keep) => runQuery(addFieldFilter(state.query, { ...field, keep })),
      columns: state.columns,
      toggleColumn: (name) =>
        update({
          columns: state.columns.includes(name)
            ? state.columns.filter((column) => column !== name)
            : [...state.columns, name],
        }),
      showContext: setContext,
      linkTo: (entry) => {
        const params = new URLSearchParams({
          query: state.query,
          from: String(range.fromMs),
          to: String(range.toMs),
          line: entry.key,
        });
        return new URL(`${basePath}logs?${params}`, location.href).href;
      },
      traces: info.traces === true,
    }),
    [state, update, runQuery, range.fromMs, range.toMs, info.traces],
  );

  const tab = state.tab;
  const showsLines = tab === 'lines' && query !== '' && !metric;
  return (
    <LineActionsContext value={actions}>
      <PageHeader title="Logs" description="What your services wrote, in LogQL">
        <Button
          variant={state.live ? 'filled' : 'default'}
          aria-pressed={state.live}
          disabled={!showsLines}
          leftSection={state.live ? <IconAccessPointOff size={15} /> : <IconAccessPoint size={15} />}
          onClick={() => update({ live: !state.live, line: '' })}
        >
          {state.live ? 'Stop live' : 'Live'}
        </Button>
        <TimeRangePicker range={range} />
        <RefreshPicker
          refresh={range.refresh}
          busy={busy}
          onRefresh={range.refreshNow}
          onChange={range.setRefresh}
        />
      </PageHeader>
      <section className={`surface ${classes.query}`} aria-label="Query">
        <QueryBar query={state.query} error={error} source={source} onRun={runQuery} />
        {query !== '' && !metric && error === '' && !(state.live && showsLines) ? (
          <LevelHistogram
            query={query}
            range={range}
            run={run}
            onLevel={(value, keep) =>
              runQuery(
                addFieldFilter(state.query, { name: 'detected_level', value, keep, origin: 'metadata' }),
              )
            }
          />
        ) : null}
      </section>
      {metric && tab !== 'rejected' && tab !== 'shipped' ? (
        <section className="surface" aria-label="Result">
          <MetricResult query={state.query} range={range} run={run} onError={setError} />
        </section>
      ) : (
        <section className="surface" aria-label="Lines">
          <Tabs value={tab} onChange={(to) => update({ tab: to as LogsTab })} keepMounted={false}>
            <div className={classes.tabs}>
              <Tabs.List px="sm" className={classes.tabList}>
                {logsTabs.map((name) => (
                  <Tabs.Tab key={name} value={name}>
                    {tabTitles[name]}
                  </Tabs.Tab>
                ))}
              </Tabs.List>
              {showsLines ? (
                <Group gap="md" className={classes.options}>
                  <Switch
                    size="xs"
                    label="Wrap"
                    checked={state.wrap}
                    onChange={(event) => update({ wrap: event.currentTarget.checked })}
                  />
                  <Switch
                    size="xs"
                    label="UTC"
                    checked={state.utc}
                    onChange={(event) => update({ utc: event.currentTarget.checked })}
                  />
                  <SegmentedControl
                    size="xs"
                    aria-label="Order"
                    data={[
                      { value: 'backward', label: 'Newest first' },
                      { value: 'forward', label: 'Oldest first' },
                    ]}
                    value={state.direction}
                    onChange={(to) =>
                      update({ direction: to === 'forward' ? 'forward' : 'backward', line: '' })
                    }
                  />
                </Group>
              ) : null}
            </div>
            <Tabs.Panel value="lines">
              <div ref={listRef}>
                {query === '' ? (
                  <div className={classes.padded}>
                    <LogBrowser
                      range={nsRange}
                      run={run}
                      onPick={(name, value) => runQuery(addMatcher(state.query, name, value))}
                    />
                  </div>
                ) : state.live ? (
                  <LiveLines
                    key={`${query} ${state.direction}`}
                    query={query}
                    direction={state.direction}
                    wrap={state.wrap}
                    utc={state.utc}
                    streamLabels={streamLabels.data ?? []}
                    height={height}
                  />
                ) : (
                  <LinesPanel
                    state={state}
                    query={query}
                    range={nsRange}
                    run={run}
                    height={height}
                    onChange={update}
                    onError={setError}
                  />
                )}
              </div>
            </Tabs.Panel>
            <Tabs.Panel value="patterns" p="sm">
              {query === '' ? (
                <PatternsHint />
              ) : (
                <PatternsTab
                  query={selectorOf(query)}
                  fromMs={range.fromMs}
                  toMs={range.toMs}
                  run={run}
                  onFilter={(op, pattern) =>
                    update({ query: addLineFilter(state.query, op, pattern), tab: 'lines', line: '' })
                  }
                />
              )}
            </Tabs.Panel>
            <Tabs.Panel value="fields" p="sm">
              {query === '' ? (
                <PatternsHint />
              ) : (
                <FieldsTab
                  query={query}
                  fromMs={range.fromMs}
                  toMs={range.toMs}
                  run={run}
                  onFilter={(filter) => runQuery(addFieldFilter(state.query, filter))}
                />
              )}
            </Tabs.Panel>
            <Tabs.Panel value="rejected" p="sm">
              <RejectedTab run={run} />
            </Tabs.Panel>
            <Tabs.Panel value="shipped" p="sm">
              <ShippedTab run={run} />
            </Tabs.Panel>
          </Tabs>
        </section>
      )}
      {context ? <ContextDrawer entry={context} utc={state.utc} onClose={() => setContext(null)} /> : null}
    </LineActionsContext>
  );
}
