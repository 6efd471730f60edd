import type { ChartSeries } from './chartTypes';

/**
 * The names of the series, and where several bear the same one, the labels that tell them apart behind it:
 * a legend such as "95th percentile" often names a line per route.
 */
export function distinctNames(series: ChartSeries[]): string[] {
  const sharing = new Map<string, ChartSeries[]>();
  for (const one of series) {
    sharing.set(one.name, [...(sharing.get(one.name) ?? []), one]);
  }
  return series.map((one) => {
    const twins = sharing.get(one.name) ?? [];
    const differing = Object.entries(one.labels ?? {}).filter(([label, value]) =>
      twins.some((twin) => twin.labels?.[label] !== value),
    );
    const labels = differing.map(([label, value]) => `${label}="${value}"`);
    return labels.length === 0 ? one.name : `${one.name} {${labels.join(', ')}}`;
  });
}
