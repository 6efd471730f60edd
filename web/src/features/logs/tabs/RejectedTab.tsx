import { Group, Text } from '@mantine/core';
import { IconCircleCheck } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';

import { getRejections, type RejectionReason } from '../../../api/logs';
import { formatValue } from '../../../charts/formatValue';
import { Collapsible } from '../../../shared/components/Collapsible';
import { ErrorMessage } from '../../../shared/components/ErrorMessage';
import { ListSkeleton } from '../../../shared/components/ListSkeleton';
import { StateMessage } from '../../../shared/components/StateMessage';
import { RelativeTime } from '../../../shared/time/RelativeTime';
import { rejectionHint } from './rejectionHints';
import classes from './tabs.module.css';

/** Why lines that were sent are not there: by reason, with what the senders were told and the last of the lines. */
export function RejectedTab({ run }: { run: string }) {
  const rejections = useQuery({
    queryKey: ['logs', 'rejected', run],
    queryFn: ({ signal }) => getRejections(signal),
    refetchInterval: 10_000,
  });
  if (rejections.isPending) {
    return <ListSkeleton rows={3} height={60} />;
  }
  if (rejections.isError) {
    return (
      <ErrorMessage
        title="The rejected lines could not be read"
        error={rejections.error}
        onRetry={() => void rejections.refetch()}
      />
    );
  }
  const { reasons, since } = rejections.data;
  if (reasons.length === 0) {
    return (
      <StateMessage icon={IconCircleCheck} title="No line was rejected" color="green">
        Since the server started, <RelativeTime at={since} />, it took every line that reached it. A line that
        is missing was not sent, or was stored with another time: look at a longer range.
      </StateMessage>
    );
  }
  return (
    <>
      <Text size="xs" c="dimmed" mb={8}>
        Counted since the server started, <RelativeTime at={since} size="xs" />.
      </Text>
      {[...reasons]
        .sort((a, b) => b.lines - a.lines)
        .map((reason) => (
          <Reason key={reason.reason} reason={reason} />
        ))}
    </>
  );
}

function Reason({ reason }: { reason: RejectionReason }) {
  const hint = rejectionHint(reason.reason);
  return (
    <Collapsible
      title={<span className="mono">{reason.reason}</span>}
      aside={
        <>
          <span className="tabular">{reason.lines.toLocaleString('en-US')} lines</span>
          <span className="tabular">{formatValue(reason.bytes, 'bytes')}</span>
          <RelativeTime at={reason.lastAt} size="sm" />
        </>
      }
    >
      <div className={classes.reason}>
        <Text size="sm" className="wrap-anywhere">
          {reason.message}
        </Text>
        {hint ? (
          <Text size="sm" c="dimmed" mt={4}>
            {hint}
          </Text>
        ) : null}
        {reason.last.map((line, i) => (
          <div
            key={`${line.at} ${i}`}
            className={classes.rejected}
            tabIndex={0}
            role="group"
            aria-label="Rejected line"
          >
            <Group gap="sm">
              <RelativeTime at={line.at} size="xs" c="dimmed" />
              <Text size="xs" className="mono wrap-anywhere">
                {line.stream}
              </Text>
            </Group>
            {line.line === '' ? '(no line)' : line.line}
          </div>
        ))}
      </div>
    </Collapsible>
  );
}
