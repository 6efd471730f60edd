export const traceSorts = ['newest', 'longest', 'shortest', 'most-spans', 'fewest-spans'] as const;
export type TraceSort = (typeof traceSorts)[number];

export interface TraceSearchState {
  service: string;
  operation: string;
  /** `key=value`, `key>5` and the like, as the server reads them. */
  attributes: string[];
  minDuration: string;
  maxDuration: string;
  durationOf: 'trace' | 'span';
  error: boolean;
  sort: TraceSort;
}

/** Reads the search from the page's address; the names are those of the API. */
export function readSearch(params: URLSearchParams): TraceSearchState {
  const sort = params.get('sort') as TraceSort;
  return {
    service: params.get('service') ?? '',
    operation: params.get('operation') ?? '',
    attributes: params.getAll('attribute').filter((text) => text !== ''),
    minDuration: params.get('minDuration') ?? '',
    maxDuration: params.get('maxDuration') ?? '',
    durationOf: params.get('durationOf') === 'span' ? 'span' : 'trace',
    error: params.get('error') === 'true',
    sort: traceSorts.includes(sort) ? sort : 'newest',
  };
}

/** The question for the API, which is also what the address holds of it: only what is not as usual. */
export function searchParams(state: TraceSearchState): URLSearchParams {
  const params = new URLSearchParams();
  const put = (name: string, value: string, usual = '') => {
    if (value !== usual) {
      params.set(name, value);
    }
  };
  put('service', state.service);
  put('operation', state.service === '' ? '' : state.operation);
  state.attributes.forEach((text) => params.append('attribute', text));
  put('minDuration', state.minDuration.trim());
  put('maxDuration', state.maxDuration.trim());
  put('durationOf', state.durationOf, 'trace');
  put('error', state.error ? 'true' : '');
  put('sort', state.sort, 'newest');
  return params;
}

const searchNames = [
  'service',
  'operation',
  'attribute',
  'minDuration',
  'maxDuration',
  'durationOf',
  'error',
  'sort',
];

/** The page's address with another search; what belongs to others (range, refresh) stays. */
export function writeSearch(params: URLSearchParams, state: TraceSearchState): URLSearchParams {
  const next = new URLSearchParams(params);
  searchNames.forEach((name) => next.delete(name));
  searchParams(state).forEach((value, name) => next.append(name, value));
  return next;
}

/** The id of a trace, where a text is one. */
export function traceIdIn(text: string): string | null {
  const trimmed = text.trim().toLowerCase();
  return /^(?:[0-9a-f]{16}|[0-9a-f]{32})$/.test(trimmed) ? trimmed : null;
}

/** What completes a condition on an attribute that is being typed: its key, or its value behind a sign. */
export function attributeParts(text: string): { key: string; sign: string; value: string } {
  const match = /^([^=!<>]*)(=~|!~|!=|>=|<=|=|>|<)?(.*)$/s.exec(text);
  return { key: (match?.[1] ?? '').trim(), sign: match?.[2] ?? '', value: match?.[3] ?? '' };
}
