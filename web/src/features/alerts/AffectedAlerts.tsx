import { Alert, Stack, Text } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { IconInfoCircle } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';

import { getAlerts, type Matcher } from '../../api/alertmanager';
import { LabelChips } from '../../shared/components/LabelChips';
import { matcherText } from './matchers';

const shownLimit = 5;

/** What a silence with these matchers would quieten right now. */
export function AffectedAlerts({ matchers }: { matchers: Matcher[] }) {
  const [filters] = useDebouncedValue(matchers.map(matcherText).join('\u0000'), 300);
  const affected = useQuery({
    queryKey: ['alerts', 'affected', filters],
    queryFn: ({ signal }) =>
      getAlerts({ filters: filters.split('\u0000'), silenced: true, inhibited: true }, signal),
    enabled: filters !== '',
  });
  if (filters === '' || affected.isPending) {
    return null;
  }
  if (affected.isError) {
    return (
      <Alert color="red" variant="light" icon={<IconInfoCircle size={16} />}>
        {affected.error.message}
      </Alert>
    );
  }
  const alerts = affected.data;
  return (
    <Alert color={alerts.length === 0 ? 'gray' : 'sea'} variant="light" icon={<IconInfoCircle size={16} />}>
      <Text size="sm" fw={600}>
        {alerts.length === 0
          ? 'Nothing that fires now matches. The silence will hold for alerts to come.'
          : `Affects ${alerts.length} ${alerts.length === 1 ? 'alert' : 'alerts'} now`}
      </Text>
      <Stack gap={6} mt={alerts.length === 0 ? 0 : 6}>
        {alerts.slice(0, shownLimit).map((alert) => (
          <LabelChips key={alert.fingerprint} labels={alert.labels} />
        ))}
        {alerts.length > shownLimit ? <Text size="xs">and {alerts.length - shownLimit} more</Text> : null}
      </Stack>
    </Alert>
  );
}
