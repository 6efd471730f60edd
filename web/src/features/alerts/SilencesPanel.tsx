import { Button, Group, Text } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import { IconBellOff } from '@tabler/icons-react';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';

import { expireSilence, getSilences, type Matcher, type Silence } from '../../api/alertmanager';
import { getRecurringSilences } from '../../api/pharos';
import { ErrorMessage } from '../../shared/components/ErrorMessage';
import { FilterChips } from '../../shared/components/FilterChips';
import { ListSkeleton } from '../../shared/components/ListSkeleton';
import { StateMessage } from '../../shared/components/StateMessage';
import { useUrlState } from '../../shared/useUrlState';
import { RecurringSilences } from './RecurringSilences';
import { SilenceRow } from './SilenceRow';

interface Props {
  intervalMs: number | false;
  onSilence: (matchers: Matcher[]) => void;
}

type State = Silence['status']['state'];
type Choice = State | 'recurring';

const explanations: Record<State, string> = {
  active: 'Silence an alert from its row, or start with “New silence”.',
  pending: 'A pending silence is one whose start lies in the future.',
  expired: 'Expired silences are kept for a while, so that they can be made again.',
};

export function SilencesPanel({ intervalMs, onSilence }: Props) {
  const [state, setState] = useUrlState('silence-state', 'active');
  const client = useQueryClient();
  const silences = useQuery({
    queryKey: ['alerts', 'silences'],
    queryFn: ({ signal }) => getSilences(signal),
    refetchInterval: intervalMs,
  });
  const recurring = useQuery({
    queryKey: ['alerts', 'silences', 'recurring'],
    queryFn: ({ signal }) => getRecurringSilences(signal),
    refetchInterval: intervalMs,
  });
  const expire = useMutation({
    mutationFn: expireSilence,
    onSuccess: () => client.invalidateQueries({ queryKey: ['alerts'] }),
    onError: (error) =>
      notifications.show({ color: 'red', title: 'The silence did not expire', message: error.message }),
  });
  if (silences.isPending || recurring.isPending) {
    return <ListSkeleton rows={3} height={80} />;
  }
  if (silences.isError || recurring.isError) {
    return (
      <ErrorMessage title="The silences could not be read" error={(silences.error ?? recurring.error)!} />
    );
  }
  const inState = (wanted: State) => silences.data.filter((silence) => silence.status.state === wanted);
  const shown = inState(state as State);
  return (
    <>
      <Group mb="md">
        <FilterChips
          label="State"
          value={state as Choice}
          onChange={setState}
          options={[
            { value: 'active', label: 'Active', count: inState('active').length },
            { value: 'pending', label: 'Pending', count: inState('pending').length },
            { value: 'expired', label: 'Expired', count: inState('expired').length },
            { value: 'recurring', label: 'Recurring', count: recurring.data.length },
          ]}
        />
      </Group>
      {state === 'recurring' ? (
        <RecurringSilences silences={recurring.data} />
      ) : shown.length === 0 ? (
        <StateMessage icon={IconBellOff} title={`No ${state} silences`}>
          {explanations[state as State]}
        </StateMessage>
      ) : (
        <div className="surface">
          {shown.map((silence) => (
            <SilenceRow
              key={silence.id}
              silence={silence}
              action={
                silence.status.state === 'expired' ? (
                  <Button size="compact-xs" variant="default" onClick={() => onSilence(silence.matchers)}>
                    Make again
                  </Button>
                ) : (
                  <Button size="compact-xs" variant="default" onClick={() => expire.mutate(silence.id)}>
                    <Text inherit c="var(--ph-red-text)">
                      Expire
                    </Text>
                  </Button>
                )
              }
            />
          ))}
        </div>
      )}
    </>
  );
}
