import { describe, expect, it } from 'vitest';

import { parseMarkdown } from './markdownBlocks';
import { parseInline } from './markdownInline';

describe('parseMarkdown', () => {
  it('separates headings, lists, code and paragraphs', () => {
    const blocks = parseMarkdown('# Title\nfirst\nsecond\n\n- a\n- b\n\n```\nx = 1\n```\n---');
    expect(blocks).toEqual([
      { kind: 'heading', level: 1, text: 'Title' },
      { kind: 'paragraph', text: 'first\nsecond' },
      { kind: 'list', ordered: false, items: ['a', 'b'] },
      { kind: 'code', text: 'x = 1' },
      { kind: 'rule' },
    ]);
  });
});

describe('parseInline', () => {
  it('marks emphasis, code and links', () => {
    expect(parseInline('a **b** `c` [d](https://e.org)')).toEqual([
      { kind: 'text', text: 'a ' },
      { kind: 'strong', text: 'b' },
      { kind: 'text', text: ' ' },
      { kind: 'code', text: 'c' },
      { kind: 'text', text: ' ' },
      { kind: 'link', text: 'd', href: 'https://e.org' },
    ]);
  });

  it('never links to a script', () => {
    expect(parseInline('[x](javascript:alert(1))').some((part) => part.kind === 'link')).toBe(false);
  });
});
