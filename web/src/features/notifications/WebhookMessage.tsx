import { Code, ScrollArea } from '@mantine/core';

import type { SinkMessage } from '../../api/pharos';

export function WebhookMessage({ message }: { message: SinkMessage }) {
  const { payload } = message;
  return (
    <ScrollArea.Autosize mah={420}>
      <Code block>{typeof payload === 'string' ? payload : JSON.stringify(payload, null, 2)}</Code>
    </ScrollArea.Autosize>
  );
}
