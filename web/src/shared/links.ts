/** Address of the Query page with this expression; the names are those of Prometheus' own links. */
export function queryLink(expr: string, range = '1h', tab: 'graph' | 'table' = 'graph'): string {
  const params = new URLSearchParams({ 'g0.expr': expr, 'g0.tab': tab, 'g0.range_input': range });
  return `/query?${params}`;
}

/** Address of the Logs page with this query. */
export function logsLink(query: string, from = 'now-1h', to = 'now'): string {
  return `/logs?${new URLSearchParams({ query, from, to })}`;
}

/** Address of a trace. Shown only where the server says that it has traces (`ServerInfo.traces`). */
export function traceLink(traceId: string): string {
  return `/traces/${encodeURIComponent(traceId)}`;
}
