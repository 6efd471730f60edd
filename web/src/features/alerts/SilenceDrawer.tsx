import { Button, Drawer, Group, Stack, Textarea, TextInput } from '@mantine/core';
import { useLocalStorage } from '@mantine/hooks';
import { notifications } from '@mantine/notifications';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';

import { postSilence, type Matcher } from '../../api/alertmanager';
import { ErrorMessage } from '../../shared/components/ErrorMessage';
import { parseDurationSec } from '../../shared/time/duration';
import { AffectedAlerts } from './AffectedAlerts';
import { MatcherEditor } from './MatcherEditor';

interface Props {
  matchers: Matcher[];
  onClose: () => void;
}

const commonDurations = ['30m', '1h', '2h', '8h', '1d', '1w'];

export function SilenceDrawer({ matchers: initial, onClose }: Props) {
  const [matchers, setMatchers] = useState(initial);
  const [duration, setDuration] = useState('2h');
  const [creator, setCreator] = useLocalStorage({ key: 'pharos.creator', defaultValue: '' });
  const [comment, setComment] = useState('');
  const client = useQueryClient();
  const seconds = parseDurationSec(duration);
  const named = matchers.filter((matcher) => matcher.name !== '');
  const complete =
    named.length > 0 && seconds !== null && seconds > 0 && creator.trim() !== '' && comment.trim() !== '';
  const create = useMutation({
    mutationFn: () => {
      const now = Date.now();
      return postSilence({
        matchers: named,
        startsAt: new Date(now).toISOString(),
        endsAt: new Date(now + (seconds ?? 0) * 1000).toISOString(),
        createdBy: creator.trim(),
        comment: comment.trim(),
      });
    },
    onSuccess: () => {
      notifications.show({
        color: 'green',
        title: 'Silenced',
        message: `For ${duration}, by ${creator.trim()}.`,
      });
      void client.invalidateQueries({ queryKey: ['alerts'] });
      onClose();
    },
  });
  return (
    <Drawer opened onClose={onClose} position="right" size="lg" title="Silence alerts">
      <form
        onSubmit={(event) => {
          event.preventDefault();
          create.mutate();
        }}
      >
        <Stack gap="md">
          <MatcherEditor matchers={matchers} onChange={setMatchers} />
          <div>
            <TextInput
              label="Duration"
              value={duration}
              error={seconds === null || seconds <= 0 ? 'A duration such as 2h or 1d12h' : undefined}
              onChange={(event) => setDuration(event.currentTarget.value)}
            />
            <Group gap={4} mt={6}>
              {commonDurations.map((text) => (
                <Button key={text} size="compact-xs" variant="default" onClick={() => setDuration(text)}>
                  {text}
                </Button>
              ))}
            </Group>
          </div>
          <TextInput
            label="Creator"
            required
            value={creator}
            onChange={(event) => setCreator(event.currentTarget.value)}
          />
          <Textarea
            label="Comment"
            required
            autosize
            minRows={2}
            placeholder="Why, and until when"
            value={comment}
            onChange={(event) => setComment(event.currentTarget.value)}
          />
          <AffectedAlerts matchers={named} />
          {create.isError ? <ErrorMessage title="The silence was refused" error={create.error} /> : null}
          <Group justify="flex-end">
            <Button variant="default" onClick={onClose}>
              Cancel
            </Button>
            <Button type="submit" disabled={!complete} loading={create.isPending}>
              Silence
            </Button>
          </Group>
        </Stack>
      </form>
    </Drawer>
  );
}
