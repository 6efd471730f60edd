import { findPipelines, type Pipeline, type Stage } from './pipelines';
import { quote, tokenize, unquote } from './tokens';

/** Where a value of a line comes from, which decides how a query can ask for it. */
export type FieldOrigin = 'stream' | 'metadata' | 'parsed' | 'json' | 'logfmt';

export interface FieldFilter {
  name: string;
  value: string;
  origin: FieldOrigin;
  /** Lines that have the value, or those that do not. */
  keep: boolean;
}

interface Edit {
  from: number;
  to: number;
  text: string;
}

const opposite = (op: string) => (op === '=' ? '!=' : '=');

/**
 * The query with one more condition: a matcher for a label of the stream, a label filter for everything else, with the
 * parser that the field needs in front of it. What says the opposite goes; what is said already is not said twice.
 */
export function addFieldFilter(query: string, filter: FieldFilter): string {
  const edits = findPipelines(query).flatMap((pipeline) =>
    filter.origin === 'stream' ? matcherEdits(query, pipeline, filter) : stageEdits(query, pipeline, filter),
  );
  return applyEdits(query, edits);
}

/** The query with a line filter in front of its other stages, where it looks at the line as it was written. */
export function addLineFilter(
  query: string,
  op: '|=' | '!=' | '|~' | '!~' | '|>' | '!>',
  text: string,
): string {
  const literal = quote(text);
  const edits = findPipelines(query)
    .filter(
      ({ stages }) =>
        !stages.some(({ tokens: [start, value] }) => start.text === op && value?.text === literal),
    )
    .map((pipeline) => ({ from: pipeline.to, to: pipeline.to, text: ` ${op} ${literal}` }));
  return applyEdits(query, edits);
}

/** Puts a matcher into the selector, or makes the selector where the query has none yet. */
export function addMatcher(query: string, name: string, value: string): string {
  return findPipelines(query).length === 0
    ? `{${name}=${quote(value)}}`
    : addFieldFilter(query, { name, value, origin: 'stream', keep: true });
}

function matcherEdits(query: string, pipeline: Pipeline, filter: FieldFilter): Edit[] {
  const { name, value, keep } = filter;
  const op = keep ? '=' : '!=';
  const own = pipeline.matchers.filter((matcher) => matcher.name === name);
  if (own.some((matcher) => matcher.op === op && matcher.value === value)) {
    return [];
  }
  const text = `${name}${op}${quote(value)}`;
  const contrary = own.find((matcher) => matcher.op === opposite(op) && matcher.value === value);
  // One value replaces a choice of values; a selector without anything that it asks for would be refused.
  const replaced =
    contrary ?? (keep ? own.find((matcher) => matcher.op === '=' || matcher.op === '=~') : undefined);
  if (!keep && !asksForSomething(pipeline, replaced)) {
    return stageEdits(query, pipeline, filter);
  }
  if (replaced) {
    return [{ from: replaced.from, to: replaced.to, text }];
  }
  const last = pipeline.matchers.at(-1);
  return [
    last
      ? { from: last.to, to: last.to, text: `, ${text}` }
      : { from: pipeline.from + 1, to: pipeline.to - 1, text },
  ];
}

/** Loki's rule: at least one matcher that an absent label would not fulfil. */
function asksForSomething(pipeline: Pipeline, without: unknown): boolean {
  return pipeline.matchers.some(
    (matcher) =>
      matcher !== without &&
      ((matcher.op === '=' && matcher.value !== '') || (matcher.op === '=~' && !matchesEmpty(matcher.value))),
  );
}

function matchesEmpty(pattern: string): boolean {
  try {
    return new RegExp(`^(?:${pattern})$`).test('');
  } catch {
    return false;
  }
}

function stageEdits(query: string, pipeline: Pipeline, filter: FieldFilter): Edit[] {
  const op = filter.keep ? '=' : '!=';
  if (pipeline.stages.some((stage) => isFilter(stage, filter, op))) {
    return [];
  }
  const contrary = pipeline.stages.filter((stage) => isFilter(stage, filter, opposite(op)));
  const parser = parserNeeded(pipeline, filter.origin);
  const text = `${parser} | ${filter.name} ${op} ${quote(filter.value)}`;
  return [
    ...contrary.map((stage) => ({ from: blankBefore(query, stage.from), to: stage.to, text: '' })),
    { from: pipeline.end, to: pipeline.end, text },
  ];
}

function parserNeeded(pipeline: Pipeline, origin: FieldOrigin): string {
  if (origin !== 'json' && origin !== 'logfmt') {
    return '';
  }
  // With expressions a parser extracts only what they name, so that it does not count.
  const there = pipeline.stages.some(
    ({ tokens }) => tokens[1]?.text === origin && tokens.slice(2).every(({ text }) => text.startsWith('--')),
  );
  return there ? '' : ` | ${origin}`;
}

function isFilter({ tokens }: Stage, { name, value }: FieldFilter, op: string): boolean {
  return (
    tokens.length === 4 &&
    tokens[0].text === '|' &&
    tokens[1].text === name &&
    tokens[2].text === op &&
    unquote(tokens[3].text) === value
  );
}

function blankBefore(query: string, at: number): number {
  let from = at;
  while (from > 0 && /\s/.test(query[from - 1])) {
    from--;
  }
  return from;
}

function applyEdits(query: string, edits: Edit[]): string {
  // From behind, so that the offsets in front stay true; where two meet, the removal is done last.
  return [...edits]
    .sort((a, b) => b.from - a.from || b.to - a.to)
    .reduce((text, edit) => text.slice(0, edit.from) + edit.text + text.slice(edit.to), query);
}

/** Puts the range's own durations in place of Grafana's variables. */
export function fillVariables(query: string, rangeSec: number, stepSec: number): string {
  const values: Record<string, string> = {
    $__auto: `${stepSec}s`,
    $__interval: `${stepSec}s`,
    $__range: `${Math.round(rangeSec)}s`,
  };
  return tokenize(query)
    .filter((token) => token.kind === 'ident' && token.text in values)
    .reduceRight(
      (text, { from, to, text: name }) => text.slice(0, from) + values[name] + text.slice(to),
      query,
    );
}
