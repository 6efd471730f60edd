import { Button, Group } from '@mantine/core';
import { IconInbox, IconTrash } from '@tabler/icons-react';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';

import { clearSinkMessages, getSinkMessages, type MessageKind } from '../../api/pharos';
import { ErrorMessage } from '../../shared/components/ErrorMessage';
import { FilterChips } from '../../shared/components/FilterChips';
import { ListSkeleton } from '../../shared/components/ListSkeleton';
import { StateMessage } from '../../shared/components/StateMessage';
import { useUrlState } from '../../shared/useUrlState';
import { MessageCard } from './MessageCard';
import classes from './MessagesPanel.module.css';
import { kindNames } from './messageText';

const shownLimit = 100;
type Choice = MessageKind | 'all';

/** The messages that the demo's sink caught, newest first, drawn as their receivers would draw them. */
export function MessagesPanel({ intervalMs }: { intervalMs: number | false }) {
  const [kind, setKind] = useUrlState('kind', 'all');
  const client = useQueryClient();
  const messages = useQuery({
    queryKey: ['notifications', 'messages'],
    queryFn: ({ signal }) => getSinkMessages(signal),
    refetchInterval: intervalMs,
  });
  const clear = useMutation({
    mutationFn: clearSinkMessages,
    onSuccess: () => client.invalidateQueries({ queryKey: ['notifications'] }),
  });
  if (messages.isPending) {
    return <ListSkeleton rows={3} height={130} />;
  }
  if (messages.isError) {
    return (
      <ErrorMessage
        title="The messages could not be read"
        error={messages.error}
        onRetry={() => void messages.refetch()}
      />
    );
  }
  if (messages.data.length === 0) {
    return (
      <StateMessage icon={IconInbox} title="No message yet">
        Slack, mail, PagerDuty and webhook messages of this demo land here. Switch on a fault in the Demo menu
        and wait until its alert fires.
      </StateMessage>
    );
  }
  const all = [...messages.data].sort((a, b) => b.id - a.id);
  const shown = all.filter((message) => kind === 'all' || message.kind === kind).slice(0, shownLimit);
  const kinds = Object.keys(kindNames) as MessageKind[];
  return (
    <>
      <Group justify="space-between" mb="md">
        <FilterChips
          label="Kind"
          value={kind as Choice}
          onChange={setKind}
          options={[
            { value: 'all' as Choice, label: 'All', count: all.length },
            ...kinds.map((value) => ({
              value: value as Choice,
              label: kindNames[value],
              count: all.filter((message) => message.kind === value).length,
            })),
          ]}
        />
        <Button variant="default" leftSection={<IconTrash size={14} />} onClick={() => clear.mutate()}>
          Clear
        </Button>
      </Group>
      <div className={classes.list}>
        {shown.map((message) => (
          <MessageCard key={message.id} message={message} />
        ))}
      </div>
    </>
  );
}
