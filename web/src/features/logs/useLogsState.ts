import { useCallback, useMemo } from 'react';
import { useSearchParams } from 'react-router';

import { readLogsState, writeLogsState, type LogsState } from './logsUrl';

/** The page's state in the address. A new query or tab can be left with the browser's back button. */
export function useLogsState(): [LogsState, (change: Partial<LogsState>) => void] {
  const [params, setParams] = useSearchParams();
  const state = useMemo(() => readLogsState(params), [params]);
  const update = useCallback(
    (change: Partial<LogsState>) =>
      setParams((old) => writeLogsState(old, { ...readLogsState(old), ...change }), {
        replace: change.query === undefined && change.tab === undefined,
      }),
    [setParams],
  );
  return [state, update];
}
