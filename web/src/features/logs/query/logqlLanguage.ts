import { StreamLanguage } from '@codemirror/language';

import { aggregations, keywords, rangeFunctions, stageWords } from './logqlWords';

interface State {
  inSelector: boolean;
  /** The token before was the bar that begins a stage. */
  afterBar: boolean;
  /** Inside a raw string that goes on over lines. */
  inRaw: boolean;
}

const functions = new Set([...rangeFunctions, ...aggregations].map(({ name }) => name));
const stages = new Set(stageWords.map(({ name }) => name));

/** Colours only: what a word is follows from a few characters around it. */
export const logqlLanguage = StreamLanguage.define<State>({
  name: 'logql',
  startState: () => ({ inSelector: false, afterBar: false, inRaw: false }),
  languageData: { commentTokens: { line: '#' }, closeBrackets: { brackets: ['(', '[', '{', '"', '`'] } },
  token(stream, state) {
    if (state.inRaw) {
      state.inRaw = !stream.match(/^[^`]*`/);
      if (state.inRaw) {
        stream.skipToEnd();
      }
      return 'string';
    }
    if (stream.eatSpace()) {
      return null;
    }
    const afterBar = state.afterBar;
    state.afterBar = false;
    if (stream.match(/^#.*/)) {
      return 'comment';
    }
    if (stream.match(/^"(?:[^"\\]|\\.)*"?/)) {
      return 'string';
    }
    if (stream.match('`')) {
      state.inRaw = !stream.match(/^[^`]*`/);
      if (state.inRaw) {
        stream.skipToEnd();
      }
      return 'string';
    }
    if (stream.match(/^(?:\$__\w+|\d[\w.µ]*)/)) {
      return 'number';
    }
    const word = stream.match(/^(?:--)?[A-Za-z_]\w*(?:-\w+)*/) as RegExpMatchArray | null;
    if (word) {
      return wordStyle(word[0], state, afterBar, stream.match(/^\s*\(/, false) !== null);
    }
    if (stream.match(/^(?:\|[=~>]|![=~>]|=~|[=><]=|[|=<>+\-*/%^])/)) {
      state.afterBar = stream.current() === '|';
      return 'operator';
    }
    const bracket = stream.next();
    if (bracket === '{' || bracket === '}') {
      state.inSelector = bracket === '{';
    }
    return 'bracket';
  },
});

function wordStyle(word: string, state: State, afterBar: boolean, called: boolean): string {
  const lower = word.toLowerCase();
  if (state.inSelector) {
    return 'labelName';
  }
  if (word.startsWith('--') || (afterBar && stages.has(lower))) {
    return 'keyword';
  }
  if (functions.has(lower) && (called || lower !== 'count')) {
    return 'variableName.function';
  }
  return keywords.has(lower) ? 'keyword' : 'labelName';
}
