import { IconTimeline } from '@tabler/icons-react';
import { keepPreviousData, useInfiniteQuery } from '@tanstack/react-query';
import { useCallback, useMemo } from 'react';
import { useNavigate, useSearchParams } from 'react-router';

import { findTraces } from '../../../api/traces';
import { ErrorMessage } from '../../../shared/components/ErrorMessage';
import { ListSkeleton } from '../../../shared/components/ListSkeleton';
import { PageHeader } from '../../../shared/components/PageHeader';
import { StateMessage } from '../../../shared/components/StateMessage';
import { traceLink } from '../../../shared/links';
import { RefreshPicker } from '../../../shared/time/RefreshPicker';
import { TimeRangePicker } from '../../../shared/time/TimeRangePicker';
import { useTimeRange } from '../../../shared/time/useTimeRange';
import { NoTracesYet } from './NoTracesYet';
import { ScatterPlot } from './ScatterPlot';
import { SearchForm } from './SearchForm';
import { TraceList } from './TraceList';
import { readSearch, searchParams, traceIdIn, writeSearch, type TraceSearchState } from './tracesUrl';

export function Component() {
  const range = useTimeRange({ from: 'now-1h', to: 'now', refresh: '' });
  const [params, setParams] = useSearchParams();
  const navigate = useNavigate();
  const key = searchParams(readSearch(params)).toString();
  const state = useMemo(() => readSearch(new URLSearchParams(key)), [key]);
  const { fromMs, toMs, refreshNow } = range;
  const time = useMemo(() => ({ fromMs, toMs }), [fromMs, toMs]);

  const found = useInfiniteQuery({
    queryKey: ['traces', 'search', key, fromMs, toMs],
    queryFn: ({ pageParam, signal }) => findTraces(searchParams(state), time, pageParam, signal),
    initialPageParam: '',
    getNextPageParam: (page) => page.next,
    placeholderData: keepPreviousData,
  });
  const traces = useMemo(() => (found.data?.pages ?? []).flatMap((page) => page.traces), [found.data]);

  const search = useCallback(
    (next: TraceSearchState) => {
      refreshNow();
      setParams((old) => writeSearch(old, next));
    },
    [refreshNow, setParams],
  );
  const openTrace = (text: string) => {
    const id = traceIdIn(text);
    if (id) {
      void navigate(traceLink(id));
    }
  };

  return (
    <>
      <PageHeader title="Traces" description="Requests on their way through your services">
        <TimeRangePicker range={range} />
        <RefreshPicker
          refresh={range.refresh}
          busy={found.isFetching}
          onRefresh={range.refreshNow}
          onChange={range.setRefresh}
        />
      </PageHeader>
      <section className="surface" aria-label="Search" style={{ marginBottom: 10 }}>
        <SearchForm
          state={state}
          time={time}
          busy={found.isFetching}
          onSearch={search}
          onTraceId={openTrace}
        />
        {traces.length > 0 ? (
          <ScatterPlot
            traces={traces}
            time={time}
            onZoom={(from, to) => range.setRange(String(from), String(to))}
          />
        ) : null}
      </section>
      {found.isError ? (
        <ErrorMessage title="The search failed" error={found.error} onRetry={() => void found.refetch()} />
      ) : null}
      {found.isPending ? <ListSkeleton rows={6} height={64} /> : null}
      {found.data && !found.isError ? (
        <section className="surface" aria-label="Results">
          {traces.length > 0 ? (
            <TraceList
              traces={traces}
              whole={found.data.pages.every((page) => page.whole)}
              sort={state.sort}
              hasMore={found.hasNextPage}
              loadingMore={found.isFetchingNextPage}
              onSort={(sort) => search({ ...state, sort })}
              onMore={() => void found.fetchNextPage()}
            />
          ) : key === '' ? (
            <NoTracesYet />
          ) : (
            <StateMessage icon={IconTimeline} title="No trace fits">
              A span must satisfy all conditions at once. Take one away, or look at a longer range.
            </StateMessage>
          )}
        </section>
      ) : null}
    </>
  );
}
