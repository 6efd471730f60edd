import { Table, Text } from '@mantine/core';
import { IconSend } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';

import { getNotificationHistory, type NotificationRecord } from '../../api/pharos';
import { ErrorMessage } from '../../shared/components/ErrorMessage';
import { ListSkeleton } from '../../shared/components/ListSkeleton';
import { StateBadge, type Tone } from '../../shared/components/StateBadge';
import { StateMessage } from '../../shared/components/StateMessage';
import { RelativeTime } from '../../shared/time/RelativeTime';

/** Every decision to notify: to whom, why, and how it ended. */
export function HistoryPanel({ intervalMs }: { intervalMs: number | false }) {
  const history = useQuery({
    queryKey: ['notifications', 'history'],
    queryFn: ({ signal }) => getNotificationHistory(signal),
    refetchInterval: intervalMs,
  });
  if (history.isPending) {
    return <ListSkeleton />;
  }
  if (history.isError) {
    return (
      <ErrorMessage
        title="The history could not be read"
        error={history.error}
        onRetry={() => void history.refetch()}
      />
    );
  }
  if (history.data.length === 0) {
    return (
      <StateMessage icon={IconSend} title="Nothing was sent yet">
        Notifications appear here once an alert fires and its group has waited for its <code>group_wait</code>
        .
      </StateMessage>
    );
  }
  const newestFirst = [...history.data].sort((a, b) => b.at.localeCompare(a.at));
  return (
    <div className="surface">
      <Table.ScrollContainer type="native" minWidth={760}>
        <Table fz="sm" verticalSpacing={8}>
          <Table.Thead>
            <Table.Tr>
              <Table.Th w={110}>When</Table.Th>
              <Table.Th>Receiver</Table.Th>
              <Table.Th>Group</Table.Th>
              <Table.Th>Reason</Table.Th>
              <Table.Th ta="right">Alerts</Table.Th>
              <Table.Th>Outcome</Table.Th>
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {newestFirst.map((record, i) => (
              <HistoryRow key={`${record.at} ${i}`} record={record} />
            ))}
          </Table.Tbody>
        </Table>
      </Table.ScrollContainer>
    </div>
  );
}

function HistoryRow({ record }: { record: NotificationRecord }) {
  return (
    <Table.Tr>
      <Table.Td style={{ verticalAlign: 'top' }}>
        <RelativeTime at={record.at} size="sm" />
      </Table.Td>
      <Table.Td style={{ verticalAlign: 'top' }}>
        {record.receiver}
        <Text size="xs" c="dimmed">
          {record.integration}
        </Text>
      </Table.Td>
      <Table.Td style={{ verticalAlign: 'top' }} className="mono wrap-anywhere">
        {record.groupKey}
      </Table.Td>
      <Table.Td style={{ verticalAlign: 'top' }}>{record.reason}</Table.Td>
      <Table.Td style={{ verticalAlign: 'top' }} ta="right" className="tabular">
        {alertsText(record)}
      </Table.Td>
      <Table.Td style={{ verticalAlign: 'top' }}>
        <StateBadge tone={tone(record)}>{record.outcome}</StateBadge>
        {record.attempts > 1 ? (
          <Text size="xs" c="dimmed">
            {record.attempts} attempts
          </Text>
        ) : null}
        {answerOf(record) ? (
          <Text size="xs" c="dimmed" className="wrap-anywhere" lineClamp={3}>
            answer: {answerOf(record)}
          </Text>
        ) : null}
        {record.error ? (
          <Text size="xs" c="var(--ph-red-text)" className="wrap-anywhere">
            {record.error}
          </Text>
        ) : null}
      </Table.Td>
    </Table.Tr>
  );
}

/** An error names a failure in every vocabulary of outcomes; without one, what was sent arrived. */
function tone(record: NotificationRecord): Tone {
  if (record.error || /fail|error|reject/i.test(record.outcome)) {
    return 'red';
  }
  return /sent|deliver|success|ok/i.test(record.outcome) ? 'green' : 'gray';
}

/** What the receiver said last. */
function answerOf({ tries }: NotificationRecord): string {
  const last = tries.at(-1);
  return [last?.status, last?.answer].filter(Boolean).join(' ');
}

function alertsText({ firing, resolved }: NotificationRecord): string {
  const parts = [firing > 0 ? `${firing} firing` : '', resolved > 0 ? `${resolved} resolved` : ''];
  return parts.filter(Boolean).join(', ');
}
