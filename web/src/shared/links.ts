/** Address of the Query page with this expression; the names are those of Prometheus' own links. */
export function queryLink(expr: string, range = '1h'): string {
  const params = new URLSearchParams({ 'g0.expr': expr, 'g0.tab': 'graph', 'g0.range_input': range });
  return `/query?${params}`;
}
