import { Alert, Group, Text } from '@mantine/core';
import { IconAlertTriangle, IconInfoCircle } from '@tabler/icons-react';

import type { Envelope } from '../../api/http';
import { formatDurationSec } from '../../shared/time/duration';

interface Props {
  envelope: Pick<Envelope<unknown>, 'warnings' | 'infos'>;
  tookMs: number;
  count: number;
  extra?: string;
}

/** What is worth knowing about an answer: how long, how many, and what the engine remarked. */
export function QueryNotes({ envelope, tookMs, count, extra }: Props) {
  return (
    <>
      <Group gap="md" mb={6}>
        <Text size="xs" c="dimmed" className="tabular" aria-live="polite">
          {count} series · {formatDurationSec(tookMs / 1000)}
          {extra ? ` · ${extra}` : ''}
        </Text>
      </Group>
      {(envelope.warnings ?? []).map((warning) => (
        <Alert
          key={warning}
          color="yellow"
          variant="light"
          icon={<IconAlertTriangle size={16} />}
          mb={6}
          py={6}
        >
          <Text size="sm">{warning}</Text>
        </Alert>
      ))}
      {(envelope.infos ?? []).map((info) => (
        <Alert key={info} color="blue" variant="light" icon={<IconInfoCircle size={16} />} mb={6} py={6}>
          <Text size="sm">{info}</Text>
        </Alert>
      ))}
    </>
  );
}
