import { Button, Code, Group, Text } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import { IconBellOff } from '@tabler/icons-react';
import { useMutation, useQueryClient } from '@tanstack/react-query';

import { removeRecurringSilence, type RecurringSilence } from '../../api/pharos';
import { StateMessage } from '../../shared/components/StateMessage';
import { RelativeTime } from '../../shared/time/RelativeTime';
import classes from './AlertRow.module.css';
import { intervalText } from './intervalText';
import { matcherText } from './matchers';

/** The silences that come back; each window is an ordinary silence too, under “Active” or “Pending”. */
export function RecurringSilences({ silences }: { silences: RecurringSilence[] }) {
  const client = useQueryClient();
  const remove = useMutation({
    mutationFn: removeRecurringSilence,
    onSuccess: () => client.invalidateQueries({ queryKey: ['alerts'] }),
    onError: (error) =>
      notifications.show({ color: 'red', title: 'The silence was not removed', message: error.message }),
  });
  if (silences.length === 0) {
    return (
      <StateMessage icon={IconBellOff} title="No recurring silences">
        <code>pharos silence recurring add</code> makes one that comes back, every weekend for instance.
      </StateMessage>
    );
  }
  return (
    <div className="surface">
      {silences.map((silence) => (
        <div key={silence.id} className={classes.row} data-recurring={silence.id}>
          <Group gap="xs" mb={4}>
            <Text fw={600} className="wrap-anywhere">
              {silence.comment}
            </Text>
            <Text size="sm" c="dimmed" ml="auto">
              {silence.createdBy} · next <RelativeTime at={silence.next?.startsAt} inherit />
            </Text>
            <Button size="compact-xs" variant="default" onClick={() => remove.mutate(silence.id)}>
              <Text inherit c="var(--ph-red-text)">
                Remove
              </Text>
            </Button>
          </Group>
          <Group gap={4}>
            {silence.matchers.map((matcher) => (
              <Code key={matcherText(matcher)}>{matcherText(matcher)}</Code>
            ))}
            <Text size="sm">
              {silence.timeIntervals.map(intervalText).join(' or ')}
              {silence.receiver ? `, only for ${silence.receiver}` : ''}
            </Text>
          </Group>
        </div>
      ))}
    </div>
  );
}
