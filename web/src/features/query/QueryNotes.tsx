import { Group, Text } from '@mantine/core';

import type { Envelope } from '../../api/http';
import { Notice } from '../../shared/components/Notice';
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
        <Notice key={warning}>{warning}</Notice>
      ))}
      {(envelope.infos ?? []).map((info) => (
        <Notice key={info} tone="blue">
          {info}
        </Notice>
      ))}
    </>
  );
}
