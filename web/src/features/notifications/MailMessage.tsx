import { Text } from '@mantine/core';
import { useState } from 'react';

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
      {html ? <MailFrame html={html} title={message.title} /> : <pre className={classes.text}>{text}</pre>}
    </>
  );
}

// No scripts (sandbox), and nothing from outside: opening a mail must not tell anyone that it was opened.
const policy = `<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'; img-src data:">`;
const tallestPx = 640;

/** The HTML part, as high as it is. Reading the height needs the same origin, which without scripts gives it nothing. */
function MailFrame({ html, title }: { html: string; title: string }) {
  const [height, setHeight] = useState(160);
  return (
    <iframe
      className={classes.html}
      style={{ height }}
      sandbox="allow-same-origin"
      srcDoc={policy + html}
      title={`Mail: ${title}`}
      onLoad={({ currentTarget }) => {
        const content = currentTarget.contentDocument?.documentElement.scrollHeight;
        setHeight(Math.min(tallestPx, (content ?? height) + 2));
      }}
    />
  );
}
