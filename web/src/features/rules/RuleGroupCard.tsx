import { Text } from '@mantine/core';

import type { RuleGroup } from '../../api/prometheus';
import { Collapsible } from '../../shared/components/Collapsible';
import { formatDurationSec } from '../../shared/time/duration';
import { RelativeTime } from '../../shared/time/RelativeTime';
import { RuleRow } from './RuleRow';

export function RuleGroupCard({ group }: { group: RuleGroup }) {
  return (
    <Collapsible
      title={
        <>
          {group.name}
          <Text span size="xs" c="dimmed" className="mono wrap-anywhere" fw={400}>
            {group.file}
          </Text>
        </>
      }
      aside={
        <>
          <span>every {formatDurationSec(group.interval)}</span>
          <span>
            evaluated <RelativeTime at={group.lastEvaluation} inherit />
          </span>
          <span className="tabular">took {formatDurationSec(group.evaluationTime)}</span>
        </>
      }
    >
      {group.rules.map((rule, i) => (
        <RuleRow key={`${rule.name}-${i}`} rule={rule} />
      ))}
    </Collapsible>
  );
}
