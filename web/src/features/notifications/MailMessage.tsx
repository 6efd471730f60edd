import { Text } from '@mantine/core';

import type { SinkMessage } from '../../api/pharos';
import classes from './MailMessage.module.css';
import { member, textOf } from './messageText';

const shownHeaders = ['From', 'To', 'Date'];

/** A mail: headers, then the HTML in a frame without any rights, or the plain text. */
export function MailMessage({ message }: { message: SinkMessage }) {
  const { payload } = message;
  const headers = member(payload, 'headers');
  const html = textOf(payload, 'html');
  const text = typeof payload === 'string' ? payload : textOf(payload, 'text');
  return (
    <>
      <Text fw={650} mb={6} className="wrap-anywhere">
        {message.title}
      </Text>
      <dl className={classes.headers}>
        {shownHeaders.map((name) =>
          textOf(headers, name) ? (
            <div key={name}>
              <dt>{name}</dt>
              <dd>{textOf(headers, name)}</dd>
            </div>
          ) : null,
        )}
      </dl>
      {html ? (
        <iframe className={classes.html} sandbox="" srcDoc={html} title={`Mail: ${message.title}`} />
      ) : (
        <pre className={classes.text}>{text}</pre>
      )}
    </>
  );
}
