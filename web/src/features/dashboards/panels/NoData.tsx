import { Center, Stack, Text } from '@mantine/core';

interface Props {
  reason?: string;
  hints?: string[];
  errors?: { refId: string; message: string }[];
}

/** An empty panel says why it is empty, as far as the server could find out. */
export function NoData({ reason, hints = [], errors = [] }: Props) {
  return (
    <Center h="100%" style={{ overflow: 'auto' }}>
      <Stack gap={4} maw={440} px="sm" align="center">
        <Text fw={600}>No data</Text>
        <Text size="sm" c="dimmed" ta="center" className="wrap-anywhere">
          {reason || 'The query matched nothing in this time range.'}
        </Text>
        {hints.map((hint) => (
          <Text key={hint} size="xs" ta="center" className="wrap-anywhere">
            {hint}
          </Text>
        ))}
        {errors.map((error) => (
          <Text key={error.refId} size="xs" c="var(--ph-red-text)" ta="center" className="wrap-anywhere">
            Query {error.refId}: {error.message}
          </Text>
        ))}
      </Stack>
    </Center>
  );
}
