import { tokenize, unquote, type Token } from './tokens';

export interface Matcher {
  name: string;
  op: string;
  value: string;
  from: number;
  to: number;
}

export interface Stage {
  /** Offset of its `|` or line filter operator. */
  from: number;
  to: number;
  tokens: Token[];
}

/** One selector with its stages; a metric query can hold several. */
export interface Pipeline {
  /** Of the selector, braces included. */
  from: number;
  to: number;
  matchers: Matcher[];
  stages: Stage[];
  /** Where another stage belongs: behind the last one, before unwrap, range and offset. */
  end: number;
}

/** Finds the pipelines of a query. Unfinished text gives what can be made of it. */
export function findPipelines(query: string): Pipeline[] {
  const tokens = tokenize(query).filter((token) => token.kind !== 'comment');
  const pipelines: Pipeline[] = [];
  for (let i = 0; i < tokens.length; i++) {
    if (tokens[i].text === '{') {
      const close = tokens.findIndex((token, at) => at > i && token.text === '}');
      if (close < 0) {
        break;
      }
      pipelines.push(pipelineAt(tokens, i, close));
      i = close;
    }
  }
  return pipelines;
}

/** Whether a query gives numbers instead of lines: it begins with anything but a selector. */
export function isMetricQuery(query: string): boolean {
  const first = tokenize(query).find((token) => token.kind !== 'comment' && token.text !== '(');
  return first !== undefined && first.text !== '{';
}

/** The stream selector of a log query, or of the first pipeline of a metric query. */
export function selectorOf(query: string): string {
  const first = findPipelines(query)[0];
  return first ? query.slice(first.from, first.to) : '';
}

function pipelineAt(tokens: Token[], open: number, close: number): Pipeline {
  const stages = stagesFrom(tokens, close + 1);
  const unwrap = stages.findIndex((stage) => stage.tokens[1]?.text === 'unwrap');
  const kept = unwrap < 0 ? stages : stages.slice(0, unwrap);
  return {
    from: tokens[open].from,
    to: tokens[close].to,
    matchers: matchersBetween(tokens, open, close),
    stages: kept,
    end: kept.at(-1)?.to ?? tokens[close].to,
  };
}

function matchersBetween(tokens: Token[], open: number, close: number): Matcher[] {
  const matchers: Matcher[] = [];
  for (let i = open + 1; i + 2 < close + 1; i++) {
    const [name, op, value] = tokens.slice(i, i + 3);
    if (name.kind === 'ident' && op.kind === 'op' && value.kind === 'string') {
      matchers.push({
        name: name.text,
        op: op.text,
        value: unquote(value.text) ?? '',
        from: name.from,
        to: value.to,
      });
      i += 2;
    }
  }
  return matchers;
}

const stageStarts = new Set(['|', '|=', '|~', '|>', '!=', '!~', '!>']);

function stagesFrom(tokens: Token[], start: number): Stage[] {
  const stages: Stage[] = [];
  let depth = 0;
  for (let i = start; i < tokens.length; i++) {
    const token = tokens[i];
    if (token.text === ')' && depth === 0) {
      break;
    }
    if (token.text === '[' || token.text === '{') {
      break;
    }
    depth += token.text === '(' ? 1 : token.text === ')' ? -1 : 0;
    // `!=` between a name and a value is a comparison; behind a string or a brace it begins a line filter.
    const compares = tokens[i - 1].kind === 'ident' && token.text !== '|' && !isBareStage(tokens, i - 1);
    if (depth === 0 && stageStarts.has(token.text) && !compares) {
      stages.push({ from: token.from, to: token.to, tokens: [token] });
    } else if (stages.length === 0) {
      break;
    } else {
      const stage = stages[stages.length - 1];
      stage.tokens.push(token);
      stage.to = token.to;
    }
  }
  return stages;
}

/** `| json != "x"`: a word right behind the bar that stands for a whole stage. */
function isBareStage(tokens: Token[], at: number): boolean {
  const bare = ['json', 'logfmt', 'unpack', 'decolorize', '--strict', '--keep-empty'];
  return bare.includes(tokens[at].text) && (tokens[at - 1]?.text === '|' || tokens[at].text.startsWith('--'));
}
