import type { Matcher } from '../../api/alertmanager';

export type Operator = '=' | '!=' | '=~' | '!~';

export const operators: Operator[] = ['=', '!=', '=~', '!~'];

export function operatorOf(matcher: Matcher): Operator {
  return matcher.isRegex ? (matcher.isEqual ? '=~' : '!~') : matcher.isEqual ? '=' : '!=';
}

export function withOperator(matcher: Matcher, operator: Operator): Matcher {
  return { ...matcher, isRegex: operator.endsWith('~'), isEqual: operator.startsWith('=') };
}

/** `severity="critical"`, with backslash, quote and line feed escaped as the Alertmanager reads them. */
export function matcherText(matcher: Matcher): string {
  const value = matcher.value.replace(/\\/g, '\\\\').replace(/"/g, '\\"').replace(/\n/g, '\\n');
  return `${matcher.name}${operatorOf(matcher)}"${value}"`;
}

/**
 * Reads `a="b", c=~"d"`, with or without braces and quotes. Returns null when any part is not a matcher.
 */
export function parseMatchers(text: string): Matcher[] | null {
  const inner = text.trim().replace(/^\{/, '').replace(/\}$/, '');
  const one =
    /\s*([\p{L}_][\p{L}\p{N}_.:-]*)\s*(=~|!~|!=|=)\s*(?:"((?:[^"\\]|\\.)*)"|([^",{}]*))\s*(?:,|$)/uy;
  const matchers: Matcher[] = [];
  while (one.lastIndex < inner.length) {
    const match = one.exec(inner);
    if (!match) {
      return null;
    }
    const [, name, operator, quoted, bare] = match;
    const value = quoted === undefined ? bare.trim() : unescape(quoted);
    matchers.push(withOperator({ name, value, isRegex: false, isEqual: true }, operator as Operator));
  }
  return matchers;
}

function unescape(text: string): string {
  return text.replace(/\\(.)/g, (_, char: string) => (char === 'n' ? '\n' : char));
}
