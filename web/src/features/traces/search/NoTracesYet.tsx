import { Code, Stack, Text } from '@mantine/core';
import { IconTimeline } from '@tabler/icons-react';

import { basePath } from '../../../api/http';
import { StateMessage } from '../../../shared/components/StateMessage';

/** For a store without spans in the range: how to send the first ones. */
export function NoTracesYet() {
  const otlp = new URL(`${basePath}v1/traces`, location.href).href;
  return (
    <>
      <StateMessage icon={IconTimeline} title="No traces in this range">
        Services that OpenTelemetry, Jaeger or Zipkin instruments can send here. If traces should be here
        already, take a longer range.
      </StateMessage>
      <Stack gap="xs" maw={760} mx="auto" pb="lg" px="md">
        <Text size="sm">An OpenTelemetry SDK wants these in its environment:</Text>
        <Code block>
          {`OTEL_TRACES_EXPORTER=otlp\nOTEL_EXPORTER_OTLP_PROTOCOL=http/protobuf\nOTEL_EXPORTER_OTLP_TRACES_ENDPOINT=${otlp}`}
        </Code>
      </Stack>
    </>
  );
}
