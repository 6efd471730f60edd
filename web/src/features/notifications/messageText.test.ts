import { describe, expect, it } from 'vitest';

import { parseSlack, slackColor } from './messageText';

describe('parseSlack', () => {
  it('marks bold, code and links and decodes entities', () => {
    expect(parseSlack('*Alert:* a &lt; b `x_y_z` <https://e.org/a|runbook>')).toEqual([
      { kind: 'bold', text: 'Alert:' },
      { kind: 'text', text: ' a < b ' },
      { kind: 'code', text: 'x_y_z' },
      { kind: 'text', text: ' ' },
      { kind: 'link', text: 'runbook', href: 'https://e.org/a' },
    ]);
  });

  it('leaves underscores inside words and lone stars alone', () => {
    expect(parseSlack('http_requests_total 2 * 3')).toEqual([
      { kind: 'text', text: 'http_requests_total 2 * 3' },
    ]);
  });

  it('never links to a script', () => {
    expect(parseSlack('<javascript:alert(1)|x>').every((part) => part.kind === 'text')).toBe(true);
  });
});

describe('slackColor', () => {
  it('knows names and hex colours and refuses the rest', () => {
    expect(slackColor('good')).toBe('#2eb67d');
    expect(slackColor('#ff0000')).toBe('#ff0000');
    expect(slackColor('url(x)')).toBe('#9aa5b1');
  });
});
