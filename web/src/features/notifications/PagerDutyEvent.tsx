import { Anchor, Group, Table, Text } from '@mantine/core';

import type { SinkMessage } from '../../api/pharos';
import { StateBadge } from '../../shared/components/StateBadge';
import { member, textOf } from './messageText';
import classes from './PagerDutyEvent.module.css';

/** An event of PagerDuty's Events API v2: what it does, how bad it is, and the details it carries. */
export function PagerDutyEvent({ message }: { message: SinkMessage }) {
  const { payload } = message;
  const event = member(payload, 'payload');
  const action = textOf(payload, 'event_action');
  const details = member(event, 'custom_details');
  const facts: [string, string][] = [
    ['Severity', textOf(event, 'severity')],
    ['Source', textOf(event, 'source')],
    ['Component', textOf(event, 'component')],
    ['Group', textOf(event, 'group')],
    ['Class', textOf(event, 'class')],
    ['Dedup key', textOf(payload, 'dedup_key')],
    ...Object.entries(details ?? {}).map(([name, value]): [string, string] => [
      name,
      typeof value === 'string' ? value.trim() : JSON.stringify(value),
    ]),
  ];
  const client = textOf(payload, 'client');
  const clientUrl = textOf(payload, 'client_url');
  return (
    <div className={classes.event} data-action={action}>
      <Group gap="xs" mb={6}>
        <StateBadge tone={action === 'resolve' ? 'green' : 'red'}>{action || 'event'}</StateBadge>
        <Text fw={650} className="wrap-anywhere">
          {textOf(event, 'summary') || message.title}
        </Text>
      </Group>
      <Table fz="sm" verticalSpacing={3} withRowBorders={false}>
        <Table.Tbody>
          {facts
            .filter(([, value]) => value !== '')
            .map(([name, value]) => (
              <Table.Tr key={name}>
                <Table.Th scope="row" w={120} fw={400} c="dimmed" style={{ verticalAlign: 'top' }}>
                  {name}
                </Table.Th>
                <Table.Td className={classes.value}>{value}</Table.Td>
              </Table.Tr>
            ))}
        </Table.Tbody>
      </Table>
      {/^https?:/.test(clientUrl) ? (
        <Anchor href={clientUrl} target="_blank" rel="noreferrer" size="sm" ml="sm">
          View in {client || 'client'}
        </Anchor>
      ) : null}
    </div>
  );
}
