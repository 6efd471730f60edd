export type TokenKind = 'string' | 'number' | 'ident' | 'op' | 'punct' | 'comment' | 'bad';

export interface Token {
  kind: TokenKind;
  text: string;
  from: number;
  to: number;
}

// The longest operator first. A number here is any of LogQL's: 5, 1.5e3, 5m, 20ms, 1.5KiB.
const shapes: [TokenKind, RegExp][] = [
  ['comment', /#[^\n]*/y],
  ['string', /"(?:[^"\\\n]|\\.)*"|`[^`]*`/y],
  ['bad', /"(?:[^"\\\n]|\\.)*|`[^`]*/y],
  ['number', /\d[\w.µ]*/y],
  ['ident', /(?:\$__)?[A-Za-z_]\w*|--[a-z]+(?:-[a-z]+)*/y],
  ['op', /\|=|\|~|\|>|!=|!~|!>|=~|==|>=|<=|[|=<>+\-*/%^]/y],
  ['punct', /[{}()[\],]/y],
];

/** Cuts LogQL into its words; what is none becomes a token of kind `bad`, so that every text can be cut. */
export function tokenize(text: string): Token[] {
  const tokens: Token[] = [];
  let at = 0;
  while (at < text.length) {
    if (/\s/.test(text[at])) {
      at++;
      continue;
    }
    const token = tokenAt(text, at);
    tokens.push(token);
    at = token.to;
  }
  return tokens;
}

function tokenAt(text: string, at: number): Token {
  for (const [kind, shape] of shapes) {
    shape.lastIndex = at;
    const match = shape.exec(text);
    if (match) {
      return { kind, text: match[0], from: at, to: at + match[0].length };
    }
  }
  return { kind: 'bad', text: text[at], from: at, to: at + 1 };
}

/** A LogQL string literal; raw where escapes would make it hard to read. */
export function quote(value: string): string {
  const raw = /["\\]/.test(value) && !/[`\r\n\t]/.test(value);
  return raw ? `\`${value}\`` : JSON.stringify(value);
}

/** The value of a string literal, or null where it is none. */
export function unquote(literal: string): string | null {
  if (literal.startsWith('`') && literal.endsWith('`') && literal.length > 1) {
    return literal.slice(1, -1);
  }
  try {
    const value: unknown = JSON.parse(literal);
    return typeof value === 'string' ? value : null;
  } catch {
    return null;
  }
}
