import type { Completion, CompletionContext, CompletionResult } from '@codemirror/autocomplete';

import { completionPlace, typedValue, type CompletionPlace } from './completionPlace';
import { aggregations, lineOperators, rangeFunctions, rangeTexts, stageWords, type Word } from './logqlWords';
import { quote } from './tokens';

/** What completion asks the server for. */
export interface CompletionSource {
  labelNames: () => Promise<string[]>;
  labelValues: (name: string, selector: string) => Promise<string[]>;
  /** Fields that were found in the lines of the query. */
  fieldNames: () => Promise<string[]>;
}

const words = (list: Word[], type: string, apply?: (name: string) => string): Completion[] =>
  list.map(({ name, detail }) => ({ label: name, detail, type, ...(apply ? { apply: apply(name) } : {}) }));

const names = (list: string[], type: string, boost = 0): Completion[] =>
  list.map((label) => ({ label, type, boost }));

/** Completion of LogQL with the server's own labels, values and fields. */
export function logqlCompletion(source: () => CompletionSource) {
  return async (context: CompletionContext): Promise<CompletionResult | null> => {
    const place = completionPlace(context.state.sliceDoc(0, context.pos));
    if (!place || (place.kind === 'operator' && !context.explicit)) {
      return null;
    }
    if (place.kind === 'function' && !context.explicit && place.from === context.pos) {
      return null;
    }
    const after = context.state.sliceDoc(context.pos, context.pos + 1);
    const options = await optionsAt(place, source(), after).catch(() => []);
    return {
      from: place.from,
      options,
      validFor: place.kind === 'label-value' ? /^[^"]*$/ : /^[\w$]*$/,
    };
  };
}

async function optionsAt(
  place: CompletionPlace,
  source: CompletionSource,
  after: string,
): Promise<Completion[]> {
  switch (place.kind) {
    case 'label-name': {
      const free = (await source.labelNames()).filter((name) => !place.used.includes(name));
      return free.map((label) => ({ label, type: 'property', apply: `${label}=` }));
    }
    case 'label-value': {
      const values = await source.labelValues(place.name, place.selector);
      return values.map((value) => ({
        label: value,
        type: 'text',
        apply: place.quoted ? insideQuotes(value, after) : quote(value),
      }));
    }
    case 'stage':
      return [
        ...words(stageWords, 'keyword', (name) => `${name} `),
        ...names(await source.fieldNames(), 'property', -1),
      ];
    case 'field-name':
      return names(
        [...new Set([...(await source.labelNames()), ...(await source.fieldNames())])],
        'property',
      );
    case 'operator':
      return [
        ...words(lineOperators, 'keyword', (name) => `${name} `),
        { label: '|', detail: 'a stage: parse, filter, format', type: 'keyword', apply: '| ' },
      ];
    case 'range':
      return names(rangeTexts, 'constant');
    case 'function':
      return [
        { label: '{', detail: 'lines of the streams with these labels', type: 'keyword' },
        ...words(rangeFunctions, 'function', (name) => `${name}(`),
        ...words(aggregations, 'function'),
      ];
  }
}

/** The value in a literal whose opening quote is typed already, and the closing one where it is missing. */
function insideQuotes(value: string, after: string): string {
  const text = JSON.stringify(value).slice(1, -1);
  return after === '"' || typedValue(text) !== value ? text : `${text}"`;
}
