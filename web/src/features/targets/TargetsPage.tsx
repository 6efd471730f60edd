import { IconSearchOff, IconTarget } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';

import { getTargets, type Target } from '../../api/prometheus';
import { useServerInfo } from '../../app/useServerInfo';
import { ErrorMessage } from '../../shared/components/ErrorMessage';
import { FilterChips } from '../../shared/components/FilterChips';
import { ListSkeleton } from '../../shared/components/ListSkeleton';
import { Notice } from '../../shared/components/Notice';
import { PageHeader } from '../../shared/components/PageHeader';
import { SearchInput } from '../../shared/components/SearchInput';
import { StateMessage } from '../../shared/components/StateMessage';
import { RefreshPicker } from '../../shared/time/RefreshPicker';
import { useAutoRefresh } from '../../shared/useAutoRefresh';
import { useUrlState } from '../../shared/useUrlState';
import { TargetPool } from './TargetPool';

type Health = 'all' | 'up' | 'unhealthy';

export function Component() {
  const [search, setSearch] = useUrlState('search');
  const [health, setHealth] = useUrlState('health', 'all');
  const { refresh, setRefresh, intervalMs } = useAutoRefresh();
  const info = useServerInfo();
  const targets = useQuery({
    queryKey: ['targets'],
    queryFn: ({ signal }) => getTargets(signal),
    refetchInterval: intervalMs,
  });
  const all = targets.data?.activeTargets ?? [];
  const shown = all.filter((target) => matches(target, health as Health, search));
  const pools = [...new Set(shown.map((target) => target.scrapePool))].sort();
  const up = all.filter((target) => target.health === 'up').length;
  return (
    <>
      <PageHeader title="Targets" description="What is scraped, and how the last scrape went">
        <SearchInput value={search} onChange={setSearch} label="Search address or label" />
        <RefreshPicker
          refresh={refresh}
          busy={targets.isFetching}
          onRefresh={() => void targets.refetch()}
          onChange={setRefresh}
        />
      </PageHeader>
      {(info.warnings ?? []).map((warning) => (
        <Notice key={warning}>{warning}</Notice>
      ))}
      {targets.isPending ? <ListSkeleton /> : null}
      {targets.isError ? (
        <ErrorMessage
          title="The targets could not be read"
          error={targets.error}
          onRetry={() => void targets.refetch()}
        />
      ) : null}
      {targets.isSuccess && all.length === 0 ? (
        <StateMessage icon={IconTarget} title="Nothing is scraped">
          No job of <code>scrape_configs</code> has found a target yet. Static targets appear at once,
          discovered ones after the first look.
        </StateMessage>
      ) : null}
      {all.length > 0 ? (
        <div style={{ marginBottom: 12 }}>
          <FilterChips
            label="Health"
            value={health as Health}
            onChange={setHealth}
            options={[
              { value: 'all', label: 'All', count: all.length },
              { value: 'up', label: 'Up', count: up },
              { value: 'unhealthy', label: 'Unhealthy', count: all.length - up },
            ]}
          />
        </div>
      ) : null}
      {all.length > 0 && shown.length === 0 ? (
        <StateMessage
          icon={IconSearchOff}
          title={health === 'unhealthy' ? 'Every target is up' : 'No target matches'}
        />
      ) : null}
      {pools.map((pool) => (
        <TargetPool
          key={pool}
          name={pool}
          targets={shown.filter((target) => target.scrapePool === pool)}
          dropped={targets.data?.droppedTargetCounts?.[pool] ?? 0}
        />
      ))}
    </>
  );
}

function matches(target: Target, health: Health, search: string): boolean {
  const wanted = health === 'all' || (health === 'up') === (target.health === 'up');
  const labels = Object.entries(target.labels).map(([name, value]) => `${name}=${value}`);
  const text = [target.scrapeUrl, target.scrapePool, target.lastError, ...labels].join(' ').toLowerCase();
  return wanted && text.includes(search.toLowerCase());
}
