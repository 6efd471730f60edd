import { Code, Stack, Text } from '@mantine/core';
import { IconFileText } from '@tabler/icons-react';

import { basePath } from '../../../api/http';
import { StateMessage } from '../../../shared/components/StateMessage';

/** For a store without lines in the range: how to send the first one. */
export function NoLogsYet() {
  const address = new URL(`${basePath}loki/api/v1/push`, location.href).href;
  const curl = [
    `curl -H 'Content-Type: application/json' ${address} \\`,
    `  -d '{"streams":[{"stream":{"service_name":"hello"},"values":[["'$(date +%s%N)'","it works"]]}]}'`,
  ].join('\n');
  const promtail = ['clients:', `  - url: ${address}`].join('\n');
  return (
    <>
      <StateMessage icon={IconFileText} title="No logs in this range">
        Everything that sends to Loki can send here. If lines should be here already, take a longer range, or
        look under Rejected for what was refused and why.
      </StateMessage>
      <Stack gap="xs" maw={760} mx="auto" pb="lg">
        <Text size="sm">A first line, from a shell:</Text>
        <Code block>{curl}</Code>
        <Text size="sm">Promtail, Alloy, Fluent Bit and Vector want this address:</Text>
        <Code block>{promtail}</Code>
        <Text size="sm">
          OpenTelemetry sends to <Code>{new URL(`${basePath}otlp/v1/logs`, location.href).href}</Code>
        </Text>
      </Stack>
    </>
  );
}
