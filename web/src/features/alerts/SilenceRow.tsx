import { Code, Group, Text } from '@mantine/core';
import type { ReactNode } from 'react';

import type { Silence } from '../../api/alertmanager';
import { StateBadge } from '../../shared/components/StateBadge';
import { RelativeTime } from '../../shared/time/RelativeTime';
import classes from './AlertRow.module.css';
import { matcherText } from './matchers';

export function SilenceRow({ silence, action }: { silence: Silence; action: ReactNode }) {
  const state = silence.status.state;
  return (
    <div className={classes.row} data-silence={silence.id}>
      <Group gap="xs" mb={4}>
        <StateBadge tone={state === 'active' ? 'blue' : 'gray'}>{state}</StateBadge>
        <Text fw={600} className="wrap-anywhere">
          {silence.comment}
        </Text>
        <Text size="sm" c="dimmed" ml="auto">
          {silence.createdBy} · {state === 'expired' ? 'ended' : 'ends'}{' '}
          <RelativeTime at={silence.endsAt} inherit />
        </Text>
        {action}
      </Group>
      <Group gap={4}>
        {silence.matchers.map((matcher) => (
          <Code key={matcherText(matcher)}>{matcherText(matcher)}</Code>
        ))}
      </Group>
    </div>
  );
}
