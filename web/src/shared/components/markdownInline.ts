export type Inline =
  | { kind: 'text'; text: string }
  | { kind: 'strong'; text: string }
  | { kind: 'em'; text: string }
  | { kind: 'code'; text: string }
  | { kind: 'link'; text: string; href: string };

const inline =
  /`([^`]+)`|\*\*(.+?)\*\*|\*([^*\s][^*]*)\*|_([^_\s][^_]*)_(?!\w)|\[([^\]]+)\]\(((?:https?:\/\/|mailto:|\/)[^)\s]+)\)|(https?:\/\/[^\s<>()]+)/g;

/** Splits a line of Markdown into plain and marked text. Only http, mailto and local addresses become links. */
export function parseInline(text: string): Inline[] {
  const parts: Inline[] = [];
  let end = 0;
  for (const match of text.matchAll(inline)) {
    if (match.index > end) {
      parts.push({ kind: 'text', text: text.slice(end, match.index) });
    }
    parts.push(toInline(match));
    end = match.index + match[0].length;
  }
  if (end < text.length) {
    parts.push({ kind: 'text', text: text.slice(end) });
  }
  return parts;
}

function toInline([, code, strong, star, underscore, linkText, href, address]: RegExpMatchArray): Inline {
  if (code) {
    return { kind: 'code', text: code };
  }
  if (strong) {
    return { kind: 'strong', text: strong };
  }
  if (star || underscore) {
    return { kind: 'em', text: star || underscore };
  }
  return address ? { kind: 'link', text: address, href: address } : { kind: 'link', text: linkText, href };
}
