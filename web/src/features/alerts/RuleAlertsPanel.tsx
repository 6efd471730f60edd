import { Text } from '@mantine/core';
import { IconCircleCheck } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';

import { getRules, type Rule } from '../../api/prometheus';
import { Collapsible } from '../../shared/components/Collapsible';
import { ErrorMessage } from '../../shared/components/ErrorMessage';
import { Expression } from '../../shared/components/Expression';
import { ListSkeleton } from '../../shared/components/ListSkeleton';
import { StateBadge } from '../../shared/components/StateBadge';
import { StateMessage } from '../../shared/components/StateMessage';
import { formatDurationSec } from '../../shared/time/duration';
import { RuleAlerts } from '../rules/RuleAlerts';

/** Alerting rules with something pending or firing, before routing, silences and inhibition. */
export function RuleAlertsPanel({ intervalMs }: { intervalMs: number | false }) {
  const rules = useQuery({
    queryKey: ['alerts', 'rules'],
    queryFn: ({ signal }) => getRules('alert', signal),
    refetchInterval: intervalMs,
  });
  if (rules.isPending) {
    return <ListSkeleton rows={3} height={110} />;
  }
  if (rules.isError) {
    return (
      <ErrorMessage
        title="The rules could not be read"
        error={rules.error}
        onRetry={() => void rules.refetch()}
      />
    );
  }
  const all = rules.data.flatMap((group) => group.rules);
  const active = all.filter((rule) => (rule.alerts ?? []).length > 0).sort((a, b) => rank(a) - rank(b));
  if (active.length === 0) {
    return (
      <StateMessage icon={IconCircleCheck} color="green" title="Nothing is pending or firing">
        {all.length} alerting rules are evaluated.
      </StateMessage>
    );
  }
  return active.map((rule) => (
    <Collapsible
      key={`${rule.name} ${rule.query}`}
      title={
        <>
          <StateBadge tone={rule.state === 'firing' ? 'red' : 'amber'}>{rule.state ?? 'unknown'}</StateBadge>
          {rule.name}
        </>
      }
      aside={
        <Text span size="sm">
          {rule.duration ? `for ${formatDurationSec(rule.duration)}` : 'fires at once'}
        </Text>
      }
    >
      <div style={{ padding: '10px 12px' }}>
        <Expression expr={rule.query} />
        <RuleAlerts alerts={rule.alerts ?? []} />
      </div>
    </Collapsible>
  ));
}

function rank(rule: Rule): number {
  return rule.state === 'firing' ? 0 : 1;
}
