import { Code, Group, Text, UnstyledButton } from '@mantine/core';
import { IconBrandSlack, IconBroadcast, IconMail, IconWebhook, type Icon } from '@tabler/icons-react';
import { useState } from 'react';

import type { MessageKind, SinkMessage } from '../../api/pharos';
import { StateBadge } from '../../shared/components/StateBadge';
import { RelativeTime } from '../../shared/time/RelativeTime';
import { MailMessage } from './MailMessage';
import classes from './MessageCard.module.css';
import { kindNames } from './messageText';
import { PagerDutyEvent } from './PagerDutyEvent';
import { SlackMessage } from './SlackMessage';
import { WebhookMessage } from './WebhookMessage';

const icons: Record<MessageKind, Icon> = {
  slack: IconBrandSlack,
  email: IconMail,
  pagerduty: IconBroadcast,
  webhook: IconWebhook,
};

export function MessageCard({ message }: { message: SinkMessage }) {
  const [raw, setRaw] = useState(false);
  const KindIcon = icons[message.kind];
  return (
    <article className={`surface ${classes.card}`} data-kind={message.kind} data-status={message.status}>
      <Group gap="xs" className={classes.head}>
        <KindIcon size={16} stroke={1.7} aria-hidden />
        <Text size="sm" fw={600}>
          {kindNames[message.kind]}
        </Text>
        <Text size="sm" c="dimmed" className="wrap-anywhere">
          to {message.receiver}
        </Text>
        {message.status ? (
          <StateBadge tone={message.status === 'firing' ? 'red' : 'green'}>{message.status}</StateBadge>
        ) : null}
        <Group gap="sm" ml="auto">
          {message.kind === 'webhook' ? null : (
            <UnstyledButton className={classes.raw} onClick={() => setRaw(!raw)} aria-pressed={raw}>
              {raw ? 'As received' : 'Payload'}
            </UnstyledButton>
          )}
          <Text size="sm" c="dimmed">
            <RelativeTime at={message.receivedAt} inherit />
          </Text>
        </Group>
      </Group>
      <div className={classes.body}>
        {raw ? <Code block>{payloadText(message.payload)}</Code> : <Content message={message} />}
      </div>
    </article>
  );
}

function Content({ message }: { message: SinkMessage }) {
  switch (message.kind) {
    case 'slack':
      return <SlackMessage message={message} />;
    case 'email':
      return <MailMessage message={message} />;
    case 'pagerduty':
      return <PagerDutyEvent message={message} />;
    case 'webhook':
      return <WebhookMessage message={message} />;
  }
}

function payloadText(payload: unknown): string {
  return typeof payload === 'string' ? payload : JSON.stringify(payload, null, 2);
}
