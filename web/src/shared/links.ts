/** Address of the Query page with this expression; the names are those of Prometheus' own links. */
export function queryLink(expr: string, range = '1h', tab: 'graph' | 'table' = 'graph'): string {
  const params = new URLSearchParams({ 'g0.expr': expr, 'g0.tab': tab, 'g0.range_input': range });
  return `/query?${params}`;
}

/** The same with a range that ends at a moment. */
export function queryLinkAt(expr: string, endMs: number, range = '1h'): string {
  const end = new Date(endMs).toISOString().slice(0, 19).replace('T', ' ');
  return `${queryLink(expr, range)}&${new URLSearchParams({ 'g0.end_input': end })}`;
}

/** Address of the Logs page with this query. */
export function logsLink(query: string, from = 'now-1h', to = 'now'): string {
  return `/logs?${new URLSearchParams({ query, from, to })}`;
}

/** Address of a trace. Shown only where the server says that it has traces (`ServerInfo.traces`). */
export function traceLink(traceId: string, spanId = ''): string {
  const span = spanId === '' ? '' : `?span=${encodeURIComponent(spanId)}`;
  return `/traces/${encodeURIComponent(traceId)}${span}`;
}

/** Address of the search for traces of a service, around a time in milliseconds where one is given. */
export function tracesLink(service: string, more: Record<string, string> = {}): string {
  return `/traces?${new URLSearchParams({ service, ...more })}`;
}
