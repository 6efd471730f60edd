/** The path within this UI of an alert's source, which is a link to /graph, or to /logs, of whoever evaluated the rule. */
export function sourcePath(generatorUrl: string | undefined): string | null {
  const logs = generatorUrl?.split('/logs?')[1];
  if (logs) {
    return `/logs?${logs}`;
  }
  const query = generatorUrl?.split('/graph?')[1];
  if (!query) {
    return null;
  }
  // Prometheus' own links lead to the table; what happened, and its exemplars, are seen in the graph.
  const params = new URLSearchParams(query);
  params.set('g0.tab', 'graph');
  return `/query?${params}`;
}
