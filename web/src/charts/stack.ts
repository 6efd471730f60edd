export type Values = (number | null)[];

/**
 * Piles the visible series on one another, first at the bottom: each result is the upper edge of its band.
 * A missing value counts as zero for those above it but stays a gap in its own series.
 */
export function stackSeries(series: Values[], visible: boolean[], mode: 'normal' | 'percent'): Values[] {
  const length = series[0]?.length ?? 0;
  const top = new Array<number>(length).fill(0);
  const total = new Array<number>(length).fill(0);
  if (mode === 'percent') {
    series.forEach((values, s) => {
      if (visible[s]) {
        values.forEach((value, i) => (total[i] += Math.abs(value ?? 0)));
      }
    });
  }
  return series.map((values, s) => {
    if (!visible[s]) {
      return values;
    }
    return values.map((value, i) => {
      if (value === null) {
        return null;
      }
      top[i] += mode === 'percent' ? (total[i] === 0 ? 0 : (value / total[i]) * 100) : value;
      return top[i];
    });
  });
}
