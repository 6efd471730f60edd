import { findPipelines } from './pipelines';
import { tokenize, unquote, type Token } from './tokens';

/** What may be typed at a place of a query, and where the word begins that it would complete. */
export type CompletionPlace =
  | { kind: 'label-name'; from: number; used: string[] }
  | { kind: 'label-value'; from: number; name: string; selector: string; quoted: boolean }
  | { kind: 'stage'; from: number }
  | { kind: 'operator'; from: number }
  | { kind: 'field-name'; from: number }
  | { kind: 'range'; from: number }
  | { kind: 'function'; from: number };

/** Decides from the text in front of the cursor alone; null where nothing is known to fit. */
export function completionPlace(before: string): CompletionPlace | null {
  const tokens = tokenize(before);
  const last = tokens.at(-1);
  if (last?.kind === 'comment' && last.to === before.length) {
    return null;
  }
  // The word under the cursor is completed; what decides stands in front of it.
  const typing =
    last !== undefined && last.to === before.length && (last.kind === 'ident' || last.kind === 'bad');
  const from = typing ? last.from : before.length;
  const ahead = typing ? tokens.slice(0, -1) : tokens;
  const open = openBracket(ahead);
  const previous = ahead.at(-1);

  if (last?.kind === 'bad' && typing) {
    return open?.text === '{' ? labelValue(before, ahead, last.from + 1, true) : null;
  }
  switch (open?.text) {
    case '{':
      return insideSelector(before, ahead, open, previous, from);
    case '[':
      return { kind: 'range', from };
    case '(':
      if (isGrouping(ahead, open)) {
        return { kind: 'field-name', from };
      }
  }
  if (previous === undefined || previous.text === '(' || /^[-+*/%^,]$/.test(previous.text)) {
    return { kind: 'function', from };
  }
  if (previous.text === '|') {
    return { kind: 'stage', from };
  }
  if (['unwrap', 'drop', 'keep', 'and', 'or', ','].includes(previous.text)) {
    return { kind: 'field-name', from };
  }
  const stageEnds = previous.text === '}' || previous.kind === 'string' || previous.kind === 'ident';
  return stageEnds && !typing ? { kind: 'operator', from } : null;
}

function insideSelector(
  before: string,
  ahead: Token[],
  open: Token,
  previous: Token | undefined,
  from: number,
): CompletionPlace | null {
  if (previous?.text === '{' || previous?.text === ',') {
    const used = ahead.filter((token, i) => token.from > open.from && ahead[i + 1]?.kind === 'op');
    return { kind: 'label-name', from, used: used.map(({ text }) => text) };
  }
  return previous?.kind === 'op' ? labelValue(before, ahead, from, false) : null;
}

function labelValue(before: string, ahead: Token[], from: number, quoted: boolean): CompletionPlace | null {
  const [name, op] = ahead.slice(-2);
  if (name?.kind !== 'ident' || op?.kind !== 'op') {
    return null;
  }
  // The other matchers narrow the choice; the one being typed must not.
  const closed = `${before.slice(0, name.from).replace(/,\s*$/, '')}}`;
  const matchers = findPipelines(closed).at(-1)?.matchers ?? [];
  const useful = matchers.some((matcher) => matcher.op.startsWith('=') && matcher.value !== '');
  const selector = `{${matchers.map((matcher) => closed.slice(matcher.from, matcher.to)).join(', ')}}`;
  return { kind: 'label-value', from, name: name.text, selector: useful ? selector : '', quoted };
}

function openBracket(tokens: Token[]): Token | undefined {
  const stack: Token[] = [];
  for (const token of tokens) {
    if (/^[{([]$/.test(token.text)) {
      stack.push(token);
    } else if (/^[})\]]$/.test(token.text)) {
      stack.pop();
    }
  }
  return stack.at(-1);
}

function isGrouping(tokens: Token[], open: Token): boolean {
  const name = tokens[tokens.indexOf(open) - 1]?.text.toLowerCase();
  return ['by', 'without', 'on', 'ignoring', 'group_left', 'group_right'].includes(name ?? '');
}

/** The value of an unfinished string literal, as far as it was typed. */
export const typedValue = (text: string): string => unquote(`"${text}"`) ?? text;
