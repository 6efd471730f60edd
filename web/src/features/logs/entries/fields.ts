import type { FieldOrigin } from '../query/editQuery';
import { stripAnsi } from './ansi';
import type { LogEntry } from './entries';

export interface Field {
  name: string;
  value: string;
  origin: FieldOrigin;
  /** False where LogQL could not ask for it: an array, a label that another of the same name hides. */
  filterable: boolean;
}

const fieldLimit = 300;

/** Everything that a line carries: labels, metadata, what the query extracted, and what the line itself holds. */
export function fieldsOf(entry: LogEntry): Field[] {
  const fields: Field[] = [
    ...labelFields(entry.stream, 'stream'),
    ...labelFields(entry.metadata, 'metadata'),
    ...labelFields(entry.parsed, 'parsed'),
  ];
  const known = new Set(fields.map(({ name }) => name));
  const own = fieldsInLine(entry.line).flatMap((field): Field[] => {
    // A parser would name it so, because the short name is taken.
    const taken = field.name in entry.stream || field.name in entry.metadata;
    const name = taken ? `${field.name}_extracted` : field.name;
    return known.has(name) || field.name in entry.parsed ? [] : [{ ...field, name }];
  });
  return [...fields, ...own].slice(0, fieldLimit);
}

/** One value of a line by name, the line's own fields last. */
export function fieldValue(entry: LogEntry, name: string): string | undefined {
  return (
    entry.parsed[name] ??
    entry.metadata[name] ??
    entry.stream[name] ??
    fieldsInLine(entry.line).find((field) => field.name === name)?.value
  );
}

function labelFields(labels: Record<string, string>, origin: FieldOrigin): Field[] {
  return Object.entries(labels)
    .filter(([name]) => !name.startsWith('__error'))
    .map(([name, value]) => ({ name, value, origin, filterable: true }));
}

/** What JSON or logfmt in the line says, named as LogQL's parsers name it. */
export function fieldsInLine(line: string): Field[] {
  const text = stripAnsi(line).trim();
  return text.startsWith('{') ? jsonFields(text) : logfmtFields(text);
}

const numberMark = '\uE000';
const stringOrNumber = /"(?:[^"\\]|\\.)*"|-?\d[\d.eE+-]*/g;

/** Numbers as they were written: 1.50 is not 1.5 to a filter, and an id may have more digits than a number keeps. */
const keepNumberTexts = (json: string) =>
  json.replace(stringOrNumber, (text) => (text.startsWith('"') ? text : `"${numberMark}${text}"`));

const markedNumber = new RegExp(`"${numberMark}([^"]*)"`, 'g');

const plainText = (value: unknown) => String(value).replace(numberMark, '');

function jsonFields(text: string): Field[] {
  let root: unknown;
  try {
    root = JSON.parse(keepNumberTexts(text));
  } catch {
    return [];
  }
  const fields = new Map<string, Field>();
  const keep = (path: string[], value: string, filterable: boolean) => {
    const name = labelName(path.join('_'));
    // The first of two equal names wins, as it does in the parser.
    if (path.length > 0 && fields.size < fieldLimit && !fields.has(name)) {
      fields.set(name, { name, value, origin: 'json', filterable });
    }
  };
  const visit = (value: unknown, path: string[]) => {
    if (value !== null && typeof value === 'object' && !Array.isArray(value)) {
      for (const [key, inner] of Object.entries(value)) {
        visit(inner, key.trim() === '' ? path : [...path, key]);
      }
    } else if (Array.isArray(value)) {
      keep(path, JSON.stringify(value).replace(markedNumber, '$1'), false);
    } else if (value !== null) {
      keep(path, plainText(value), true);
    }
  };
  visit(root, []);
  return [...fields.values()];
}

const pair = /([^\s="]+)=(?:"((?:[^"\\]|\\.)*)"|([^\s"]*))(?=\s|$)/g;

function logfmtFields(text: string): Field[] {
  const fields = new Map<string, Field>();
  for (const [, key, quoted, bare] of text.matchAll(pair)) {
    const name = labelName(key);
    const value = quoted === undefined ? bare : unescape(quoted);
    if (value !== '' && !fields.has(name) && fields.size < fieldLimit) {
      fields.set(name, { name, value, origin: 'logfmt', filterable: true });
    }
  }
  // A single a=b in a sentence is prose, not logfmt.
  return fields.size > 1 ? [...fields.values()] : [];
}

function unescape(text: string): string {
  try {
    return JSON.parse(`"${text}"`) as string;
  } catch {
    return text;
  }
}

/** As LogQL's parsers make names: what a label may not hold becomes an underscore, a digit in front gets one. */
export function labelName(key: string): string {
  const name = key.trim().replace(/[^A-Za-z0-9_]/g, '_');
  return /^\d/.test(name) ? `_${name}` : name;
}
