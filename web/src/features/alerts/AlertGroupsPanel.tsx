import { Group, Switch } from '@mantine/core';
import { IconCircleCheck, IconFilterOff } from '@tabler/icons-react';
import { keepPreviousData, useQuery } from '@tanstack/react-query';

import { getAlertGroups, type Matcher } from '../../api/alertmanager';
import { ErrorMessage } from '../../shared/components/ErrorMessage';
import { ListSkeleton } from '../../shared/components/ListSkeleton';
import { StateMessage } from '../../shared/components/StateMessage';
import { useUrlState } from '../../shared/useUrlState';
import { AlertGroupCard } from './AlertGroupCard';
import { MatcherFilter } from './MatcherFilter';
import { matcherText } from './matchers';
import { useMatcherFilters } from './useMatcherFilters';

interface Props {
  intervalMs: number | false;
  onSilence: (matchers: Matcher[]) => void;
}

/** The alerts as they will be notified: one card per group and receiver. */
export function AlertGroupsPanel({ intervalMs, onSilence }: Props) {
  const [filters, setFilters] = useMatcherFilters();
  const [silenced, setSilenced] = useUrlState('silenced', 'false');
  const [inhibited, setInhibited] = useUrlState('inhibited', 'false');
  const filter = { filters, silenced: silenced === 'true', inhibited: inhibited === 'true' };
  const groups = useQuery({
    queryKey: ['alerts', 'groups', filter],
    queryFn: ({ signal }) => getAlertGroups(filter, signal),
    refetchInterval: intervalMs,
    placeholderData: keepPreviousData,
  });
  const pick = (name: string, value: string) => {
    const text = matcherText({ name, value, isRegex: false, isEqual: true });
    setFilters([...new Set([...filters, text])]);
  };
  return (
    <>
      <Group mb="md" gap="md">
        <MatcherFilter filters={filters} onChange={setFilters} />
        <Switch
          size="xs"
          label="Silenced"
          checked={filter.silenced}
          onChange={(event) => setSilenced(String(event.currentTarget.checked))}
        />
        <Switch
          size="xs"
          label="Inhibited"
          checked={filter.inhibited}
          onChange={(event) => setInhibited(String(event.currentTarget.checked))}
        />
      </Group>
      {groups.isPending ? <ListSkeleton rows={3} height={110} /> : null}
      {groups.isError ? (
        <ErrorMessage
          title="The alerts could not be read"
          error={groups.error}
          onRetry={() => void groups.refetch()}
        />
      ) : null}
      {groups.data?.length === 0 && filters.length === 0 ? (
        <StateMessage icon={IconCircleCheck} color="green" title="Nothing is firing">
          Silenced and inhibited alerts are{' '}
          {filter.silenced && filter.inhibited ? 'included' : 'not counted here'}. Pending alerts are under
          “By rule”.
        </StateMessage>
      ) : null}
      {groups.data?.length === 0 && filters.length > 0 ? (
        <StateMessage icon={IconFilterOff} title="No alert matches">
          Nothing that fires matches {filters.join(' and ')}.
        </StateMessage>
      ) : null}
      {(groups.data ?? []).map((group) => (
        <AlertGroupCard
          key={`${group.receiver.name} ${JSON.stringify(group.labels)}`}
          group={group}
          onPick={pick}
          onSilence={onSilence}
        />
      ))}
    </>
  );
}
