import { Fragment } from 'react';

import type { SinkMessage } from '../../api/pharos';
import { Logo } from '../../app/Logo';
import { formatClock, parseTimestamp } from '../../shared/time/formatTime';
import { member, parseSlack, slackColor, textOf, type SlackPart } from './messageText';
import classes from './SlackMessage.module.css';

/** A message as Slack shows it: sender, attachments with their colour bar, title, text and fields. */
export function SlackMessage({ message }: { message: SinkMessage }) {
  const { payload } = message;
  const found = member(payload, 'attachments');
  const attachments: unknown[] = Array.isArray(found) ? found : [];
  return (
    <div className={classes.message}>
      <div className={classes.avatar}>
        <Logo />
      </div>
      <div className={classes.content}>
        <div>
          <b>{textOf(payload, 'username') || 'Pharos'}</b> <span className={classes.app}>APP</span>{' '}
          <span className={classes.time}>
            {formatClock(parseTimestamp(message.receivedAt) ?? 0).slice(0, 5)}
          </span>
        </div>
        {textOf(payload, 'text') ? <SlackText text={textOf(payload, 'text')} /> : null}
        {attachments.map((attachment, i) => (
          <Attachment key={i} attachment={attachment} />
        ))}
      </div>
    </div>
  );
}

function Attachment({ attachment }: { attachment: unknown }) {
  const titleLink = textOf(attachment, 'title_link');
  const title = textOf(attachment, 'title');
  const found = member(attachment, 'fields');
  const fields: unknown[] = Array.isArray(found) ? found : [];
  return (
    <div className={classes.attachment} style={{ borderColor: slackColor(textOf(attachment, 'color')) }}>
      {textOf(attachment, 'pretext') ? <SlackText text={textOf(attachment, 'pretext')} /> : null}
      {title ? (
        <div className={classes.title}>
          {/^https?:/.test(titleLink) ? (
            <a className="link" href={titleLink} target="_blank" rel="noreferrer">
              {title}
            </a>
          ) : (
            title
          )}
        </div>
      ) : null}
      <SlackText text={textOf(attachment, 'text')} />
      {fields.length > 0 ? (
        <div className={classes.fields}>
          {fields.map((field, i) => (
            <div key={i} data-short={member(field, 'short') === true || undefined}>
              <b>{textOf(field, 'title')}</b>
              <SlackText text={textOf(field, 'value')} />
            </div>
          ))}
        </div>
      ) : null}
      {textOf(attachment, 'footer') ? (
        <div className={classes.footer}>{textOf(attachment, 'footer')}</div>
      ) : null}
    </div>
  );
}

function SlackText({ text }: { text: string }) {
  return (
    <div className={classes.text}>
      {parseSlack(text.trim()).map((part, i) => (
        <Fragment key={i}>{drawPart(part)}</Fragment>
      ))}
    </div>
  );
}

function drawPart(part: SlackPart) {
  switch (part.kind) {
    case 'bold':
      return <b>{part.text}</b>;
    case 'italic':
      return <i>{part.text}</i>;
    case 'strike':
      return <s>{part.text}</s>;
    case 'code':
      return <code>{part.text}</code>;
    case 'block':
      return <pre>{part.text}</pre>;
    case 'link':
      return (
        <a className="link" href={part.href} target="_blank" rel="noreferrer">
          {part.text}
        </a>
      );
    case 'text':
      return part.text;
  }
}
