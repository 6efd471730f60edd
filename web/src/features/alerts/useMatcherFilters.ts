import { useCallback, useMemo } from 'react';
import { useSearchParams } from 'react-router';

/** The matchers that narrow the alerts, in the URL as repeated `filter=`. */
export function useMatcherFilters(): [string[], (filters: string[]) => void] {
  const [params, setParams] = useSearchParams();
  const filters = useMemo(() => params.getAll('filter'), [params]);
  const set = useCallback(
    (next: string[]) =>
      setParams((old) => {
        const changed = new URLSearchParams(old);
        changed.delete('filter');
        next.forEach((filter) => changed.append('filter', filter));
        return changed;
      }),
    [setParams],
  );
  return [filters, set];
}
