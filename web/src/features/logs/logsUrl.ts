import type { Direction } from '../../api/loki';

export const logsTabs = ['lines', 'patterns', 'fields', 'rejected', 'shipped'] as const;
export type LogsTab = (typeof logsTabs)[number];

export interface LogsState {
  query: string;
  tab: LogsTab;
  direction: Direction;
  wrap: boolean;
  utc: boolean;
  columns: string[];
  /** Key of the entry that a link points at; the list begins with it. */
  line: string;
  live: boolean;
}

/** Reads the page's state from its address; `query`, `from` and `to` bear the names that Loki's API has for them. */
export function readLogsState(params: URLSearchParams): LogsState {
  const tab = params.get('tab') as LogsTab;
  return {
    query: params.get('query') ?? '',
    tab: logsTabs.includes(tab) ? tab : 'lines',
    direction: params.get('direction') === 'forward' ? 'forward' : 'backward',
    wrap: params.get('wrap') === '1',
    utc: params.get('tz') === 'utc',
    columns: (params.get('columns') ?? '').split(',').filter((name) => name !== ''),
    line: params.get('line') ?? '',
    live: params.get('live') === '1',
  };
}

/** Writes what is not as usual, and leaves the parameters alone that belong to others (range, refresh). */
export function writeLogsState(params: URLSearchParams, state: LogsState): URLSearchParams {
  const next = new URLSearchParams(params);
  const put = (name: string, value: string, usual = '') =>
    value === usual ? next.delete(name) : next.set(name, value);
  put('query', state.query);
  put('tab', state.tab, 'lines');
  put('direction', state.direction, 'backward');
  put('wrap', state.wrap ? '1' : '');
  put('tz', state.utc ? 'utc' : '');
  put('columns', state.columns.join(','));
  put('line', state.line);
  put('live', state.live ? '1' : '');
  return next;
}
