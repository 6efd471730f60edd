import { IconChecklist, IconSearchOff } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';

import { getRules } from '../../api/prometheus';
import { ErrorMessage } from '../../shared/components/ErrorMessage';
import { FilterChips } from '../../shared/components/FilterChips';
import { ListSkeleton } from '../../shared/components/ListSkeleton';
import { PageHeader } from '../../shared/components/PageHeader';
import { SearchInput } from '../../shared/components/SearchInput';
import { StateMessage } from '../../shared/components/StateMessage';
import { RefreshPicker } from '../../shared/time/RefreshPicker';
import { useAutoRefresh } from '../../shared/useAutoRefresh';
import { useUrlState } from '../../shared/useUrlState';
import { countStates, filterGroups, type RuleState } from './ruleFilter';
import { RuleGroupCard } from './RuleGroupCard';

export function Component() {
  const [search, setSearch] = useUrlState('search');
  const [state, setState] = useUrlState('state', 'all');
  const { refresh, setRefresh, intervalMs } = useAutoRefresh();
  const rules = useQuery({
    queryKey: ['rules'],
    queryFn: ({ signal }) => getRules('', signal),
    refetchInterval: intervalMs,
  });
  const groups = rules.data ?? [];
  const shown = filterGroups(groups, state as RuleState, search);
  const counts = countStates(groups);
  const option = (value: RuleState, label: string) => ({ value, label, count: counts[value] });
  return (
    <>
      <PageHeader title="Rules" description="Recording and alerting rules, as they were last evaluated">
        <SearchInput value={search} onChange={setSearch} label="Search name, expression, label" />
        <RefreshPicker
          refresh={refresh}
          busy={rules.isFetching}
          onRefresh={() => void rules.refetch()}
          onChange={setRefresh}
        />
      </PageHeader>
      {rules.isPending ? <ListSkeleton /> : null}
      {rules.isError ? (
        <ErrorMessage
          title="The rules could not be read"
          error={rules.error}
          onRetry={() => void rules.refetch()}
        />
      ) : null}
      {rules.isSuccess && groups.length === 0 ? (
        <StateMessage icon={IconChecklist} title="No rules are loaded">
          Name rule files under <code>rule_files</code> in prometheus.yml and reload.
        </StateMessage>
      ) : null}
      {groups.length > 0 ? (
        <div style={{ marginBottom: 12 }}>
          <FilterChips
            label="State"
            value={state as RuleState}
            onChange={setState}
            options={[
              option('all', 'All'),
              option('firing', 'Firing'),
              option('pending', 'Pending'),
              option('inactive', 'Inactive'),
              option('recording', 'Recording'),
              option('failing', 'Failing'),
            ]}
          />
        </div>
      ) : null}
      {groups.length > 0 && shown.length === 0 ? (
        <StateMessage icon={IconSearchOff} title="No rule matches">
          None of the {counts.all} rules fits the state and the search.
        </StateMessage>
      ) : null}
      {shown.map((group) => (
        <RuleGroupCard key={`${group.file}/${group.name}`} group={group} />
      ))}
    </>
  );
}
