import { Alert, Button, Group, Text } from '@mantine/core';
import { IconAlertTriangle } from '@tabler/icons-react';

interface Props {
  error: unknown;
  title: string;
  onRetry?: () => void;
}

/** A failed request: what failed, in the server's own words, and a way to try again. */
export function ErrorMessage({ error, title, onRetry }: Props) {
  const reason = error instanceof Error ? error.message : String(error);
  return (
    <Alert color="red" icon={<IconAlertTriangle size={18} />} title={title} variant="light">
      <Group justify="space-between" align="flex-end" gap="sm">
        <Text size="sm" className="wrap-anywhere">
          {reason}
        </Text>
        {onRetry ? (
          <Button size="compact-xs" variant="default" onClick={onRetry}>
            Try again
          </Button>
        ) : null}
      </Group>
    </Alert>
  );
}
