import type { MessageKind } from '../../api/pharos';

export const kindNames: Record<MessageKind, string> = {
  slack: 'Slack',
  email: 'Mail',
  pagerduty: 'PagerDuty',
  webhook: 'Webhook',
};

/** A member of an unknown JSON value, when that value is an object. */
export function member(value: unknown, name: string): unknown {
  return value !== null && typeof value === 'object' ? (value as Record<string, unknown>)[name] : undefined;
}

export function textOf(value: unknown, name: string): string {
  const found = member(value, name);
  return typeof found === 'string' ? found : typeof found === 'number' ? String(found) : '';
}

export type SlackPart =
  | { kind: 'text' | 'bold' | 'italic' | 'strike' | 'code' | 'block'; text: string }
  | { kind: 'link'; text: string; href: string };

const slackMark =
  /```([\s\S]+?)```|`([^`\n]+)`|<(https?:\/\/[^|>\s]+|mailto:[^|>\s]+)(?:\|([^>]+))?>|(?<![\w*])\*([^*\n]+)\*(?![\w*])|(?<![\w_])_([^_\n]+)_(?![\w_])|(?<![\w~])~([^~\n]+)~(?![\w~])/g;

/** Slack's mrkdwn: *bold*, _italic_, ~struck~, `code` and <address|name>; &lt; &gt; &amp; are the only entities. */
export function parseSlack(source: string): SlackPart[] {
  const parts: SlackPart[] = [];
  let end = 0;
  for (const match of source.matchAll(slackMark)) {
    if (match.index > end) {
      parts.push({ kind: 'text', text: decode(source.slice(end, match.index)) });
    }
    const [, block, code, href, name, bold, italic, strike] = match;
    if (href) {
      parts.push({ kind: 'link', text: decode(name ?? href), href });
    } else if (block || code) {
      parts.push({ kind: block ? 'block' : 'code', text: decode(block || code) });
    } else {
      parts.push({
        kind: bold ? 'bold' : italic ? 'italic' : 'strike',
        text: decode(bold || italic || strike),
      });
    }
    end = match.index + match[0].length;
  }
  if (end < source.length) {
    parts.push({ kind: 'text', text: decode(source.slice(end)) });
  }
  return parts;
}

function decode(text: string): string {
  return text.replace(/&lt;/g, '<').replace(/&gt;/g, '>').replace(/&amp;/g, '&');
}

/** Slack names three colours; anything else is already one. */
export function slackColor(color: string): string {
  const named: Record<string, string> = { good: '#2eb67d', warning: '#ecb22e', danger: '#e01e5a' };
  return named[color] ?? (/^#[0-9a-f]{3,8}$/i.test(color) ? color : '#9aa5b1');
}
