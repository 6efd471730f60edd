import { Stack, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';

import type { RoutedAlert } from '../../api/alertmanager';
import {
  getNotificationsOf,
  getTransitions,
  type AlertTransition,
  type NotificationRecord,
} from '../../api/pharos';
import { ErrorMessage } from '../../shared/components/ErrorMessage';
import { ListSkeleton } from '../../shared/components/ListSkeleton';
import { StateBadge, type Tone } from '../../shared/components/StateBadge';
import { RelativeTime } from '../../shared/time/RelativeTime';
import classes from './AlertHistory.module.css';
import { matcherText } from './matchers';

const shownLimit = 20;

type Entry = { at: string } & ({ transition: AlertTransition } | { notification: NotificationRecord });

/** What became of one alert and whom it was told to, in one list, the newest first. */
export function AlertHistory({ alert }: { alert: RoutedAlert }) {
  const filters = Object.entries(alert.labels).map(([name, value]) =>
    matcherText({ name, value, isRegex: false, isEqual: true }),
  );
  const history = useQuery({
    queryKey: ['alerts', 'history', alert.fingerprint],
    queryFn: async ({ signal }) => {
      const [transitions, notifications] = await Promise.all([
        getTransitions(filters, shownLimit, signal),
        getNotificationsOf(filters, shownLimit, signal),
      ]);
      return [
        ...transitions
          .filter(({ fingerprint }) => fingerprint === alert.fingerprint)
          .map((transition): Entry => ({ at: transition.at, transition })),
        ...notifications.map((notification): Entry => ({ at: notification.at, notification })),
      ].sort((a, b) => Date.parse(b.at) - Date.parse(a.at));
    },
  });
  if (history.isPending) {
    return <ListSkeleton rows={2} height={24} />;
  }
  if (history.isError) {
    return <ErrorMessage title="The history could not be read" error={history.error} />;
  }
  return (
    <Stack gap={6} mt={8} role="list" aria-label="History" className={classes.list}>
      {history.data.slice(0, shownLimit).map((entry, i) => (
        <div key={`${entry.at} ${i}`} role="listitem" className={classes.entry}>
          <RelativeTime at={entry.at} size="xs" c="dimmed" className={classes.at} />
          {'transition' in entry ? (
            <Transition transition={entry.transition} />
          ) : (
            <Told notification={entry.notification} />
          )}
        </div>
      ))}
    </Stack>
  );
}

const transitionTones: Record<AlertTransition['state'], Tone> = {
  firing: 'red',
  resolved: 'green',
  suppressed: 'gray',
  unsuppressed: 'amber',
};

function Transition({ transition }: { transition: AlertTransition }) {
  return (
    <>
      <StateBadge tone={transitionTones[transition.state]}>{transition.state}</StateBadge>
      <Text size="xs" className="wrap-anywhere">
        {transition.reason}
        {transition.receiver ? ` (${transition.receiver})` : ''}
      </Text>
    </>
  );
}

function Told({ notification }: { notification: NotificationRecord }) {
  const { tries, receiver, integration, reason, outcome, error } = notification;
  return (
    <>
      <StateBadge tone={error ? 'red' : 'blue'}>{outcome}</StateBadge>
      <div>
        <Text size="xs" className="wrap-anywhere">
          {receiver} by {integration}: {reason}
        </Text>
        {tries.map((attempt, i) => (
          <Text key={i} size="xs" c="dimmed" className="wrap-anywhere">
            attempt {i + 1}: {attempt.outcome}
            {attempt.status ? ` ${attempt.status}` : ''} in {Math.round(attempt.durationSeconds * 1000)} ms
            {attempt.error ? `, ${attempt.error}` : attempt.answer ? `, ${attempt.answer}` : ''}
          </Text>
        ))}
      </div>
    </>
  );
}
