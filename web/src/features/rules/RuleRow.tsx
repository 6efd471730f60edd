import { Group, Stack, Text } from '@mantine/core';

import type { Rule } from '../../api/prometheus';
import { Expression } from '../../shared/components/Expression';
import { LabelChips } from '../../shared/components/LabelChips';
import { StateBadge, type Tone } from '../../shared/components/StateBadge';
import { formatDurationSec } from '../../shared/time/duration';
import { RelativeTime } from '../../shared/time/RelativeTime';
import { RuleAlerts } from './RuleAlerts';
import { ruleState } from './ruleFilter';
import classes from './RuleRow.module.css';

const tones: Record<ReturnType<typeof ruleState>, Tone> = {
  firing: 'red',
  pending: 'amber',
  inactive: 'green',
  recording: 'blue',
  failing: 'red',
};

export function RuleRow({ rule }: { rule: Rule }) {
  const state = ruleState(rule);
  const alerts = rule.alerts ?? [];
  const annotations = Object.entries(rule.annotations ?? {});
  return (
    <div className={classes.row}>
      <Group gap="xs" mb={6}>
        <StateBadge tone={tones[state]}>{state}</StateBadge>
        <Text fw={600} className="wrap-anywhere">
          {rule.name}
        </Text>
        <LabelChips labels={rule.labels ?? {}} />
        <Text size="xs" c="dimmed" ml="auto" className="tabular">
          {rule.duration ? `for ${formatDurationSec(rule.duration)} · ` : ''}
          {rule.keepFiringFor ? `keeps firing ${formatDurationSec(rule.keepFiringFor)} · ` : ''}
          <RelativeTime at={rule.lastEvaluation} inherit never="not evaluated yet" /> ·{' '}
          {formatDurationSec(rule.evaluationTime)}
        </Text>
      </Group>
      <Expression expr={rule.query} />
      {rule.lastError ? (
        <Text size="sm" c="var(--ph-red-text)" mt={4} className="wrap-anywhere">
          {rule.lastError}
        </Text>
      ) : null}
      {annotations.length > 0 ? (
        <Stack gap={0} mt={6}>
          {annotations.map(([name, value]) => (
            <Text key={name} size="xs" c="dimmed" className="wrap-anywhere">
              {name}: {value}
            </Text>
          ))}
        </Stack>
      ) : null}
      {alerts.length > 0 ? <RuleAlerts alerts={alerts} /> : null}
    </div>
  );
}
