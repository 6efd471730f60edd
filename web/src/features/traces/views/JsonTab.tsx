import { Anchor, Button, Group, Text } from '@mantine/core';
import { IconCopy } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';

import { basePath } from '../../../api/http';
import { getJaegerTrace } from '../../../api/traces';
import { ErrorMessage } from '../../../shared/components/ErrorMessage';
import { ListSkeleton } from '../../../shared/components/ListSkeleton';
import { copyText } from '../../logs/lines/copyText';
import classes from './tables.module.css';

/** More text than this makes a page slow; the whole is behind the links. */
const shownLength = 500_000;

/** The trace as Jaeger's API gives it. */
export function JsonTab({ traceId }: { traceId: string }) {
  const trace = useQuery({
    queryKey: ['traces', 'json', traceId],
    queryFn: async ({ signal }) => JSON.stringify(await getJaegerTrace(traceId, signal), null, 2),
    staleTime: Infinity,
    retry: false,
  });
  return (
    <div className={classes.tab}>
      <Group gap="md" mb="xs">
        <Anchor href={`${basePath}api/traces/${traceId}`} target="_blank" rel="noreferrer" size="sm">
          Jaeger's JSON
        </Anchor>
        <Anchor href={`${basePath}api/v3/traces/${traceId}`} target="_blank" rel="noreferrer" size="sm">
          OpenTelemetry's JSON
        </Anchor>
        {trace.data ? (
          <Button
            size="compact-sm"
            variant="default"
            leftSection={<IconCopy size={14} />}
            onClick={() => copyText(trace.data, 'The trace')}
          >
            Copy
          </Button>
        ) : null}
      </Group>
      {trace.isPending ? <ListSkeleton rows={4} height={30} /> : null}
      {trace.isError ? <ErrorMessage title="The trace could not be read" error={trace.error} /> : null}
      {trace.data ? (
        <>
          <pre className={classes.json} tabIndex={0} aria-label="The trace as JSON">
            {trace.data.slice(0, shownLength)}
          </pre>
          {trace.data.length > shownLength ? (
            <Text size="xs" c="dimmed">
              The first {shownLength.toLocaleString('en-US')} of {trace.data.length.toLocaleString('en-US')}{' '}
              characters; all of them are behind the links.
            </Text>
          ) : null}
        </>
      ) : null}
    </div>
  );
}
