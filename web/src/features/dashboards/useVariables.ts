import { useCallback, useMemo } from 'react';
import { useSearchParams } from 'react-router';

import type { Variable } from '../../api/dashboards';

export type VariableValues = Record<string, string[]>;

/** The variables' values: those in the URL (`var-x`) before those that the dashboard was saved with. */
export function useVariables(variables: Variable[]) {
  const [params, setParams] = useSearchParams();
  const values = useMemo(() => {
    const result: VariableValues = {};
    for (const variable of variables) {
      const chosen = params.getAll(`var-${variable.name}`);
      result[variable.name] = chosen.length > 0 ? chosen : variable.current;
    }
    return result;
  }, [variables, params]);

  const setVariable = useCallback(
    (name: string, chosen: string[]) =>
      setParams((old) => {
        const next = new URLSearchParams(old);
        next.delete(`var-${name}`);
        chosen.forEach((value) => next.append(`var-${name}`, value));
        return next;
      }),
    [setParams],
  );
  return { values, setVariable };
}

/** The part of the URL that decides which options a variable has. */
export function variableQuery(params: URLSearchParams): string {
  const query = new URLSearchParams();
  for (const [name, value] of params) {
    if (name.startsWith('var-') || name === 'from' || name === 'to') {
      query.append(name, value);
    }
  }
  return query.toString();
}
