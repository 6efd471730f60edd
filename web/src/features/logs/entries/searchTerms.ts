import { findPipelines } from '../query/pipelines';
import { unquote } from '../query/tokens';

/** What the line filters of a query look for, as one pattern to mark it in the lines; null when they look for nothing. */
export function searchTerms(query: string): RegExp | null {
  const parts: string[] = [];
  let ignoreCase = false;
  for (const { stages } of findPipelines(query)) {
    for (const { tokens } of stages) {
      const [operator, ...rest] = tokens;
      if (operator.text !== '|=' && operator.text !== '|~') {
        continue;
      }
      for (const token of rest) {
        const text = token.kind === 'string' ? (unquote(token.text) ?? '') : '';
        if (operator.text === '|~') {
          ignoreCase ||= text.startsWith('(?i)');
          parts.push(text.replace(/^\(\?[a-z]+\)/, ''));
        } else {
          parts.push(text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'));
        }
      }
    }
  }
  const wanted = parts.filter((part) => part !== '');
  try {
    return wanted.length === 0 ? null : new RegExp(wanted.join('|'), ignoreCase ? 'gi' : 'g');
  } catch {
    return null; // Go's syntax knows some things that the browser does not.
  }
}

export interface MarkedText {
  text: string;
  marked: boolean;
}

export function markTerms(text: string, terms: RegExp | null): MarkedText[] {
  if (!terms) {
    return [{ text, marked: false }];
  }
  const parts: MarkedText[] = [];
  let at = 0;
  for (const match of text.matchAll(terms)) {
    if (match[0] === '') {
      continue;
    }
    if (match.index > at) {
      parts.push({ text: text.slice(at, match.index), marked: false });
    }
    parts.push({ text: match[0], marked: true });
    at = match.index + match[0].length;
  }
  if (at < text.length) {
    parts.push({ text: text.slice(at), marked: false });
  }
  return parts;
}
