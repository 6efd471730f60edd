import { useLocalStorage } from '@mantine/hooks';
import { useCallback } from 'react';

const entryLimit = 50;

/** The expressions that were run in this browser, newest first. */
export function useHistory() {
  const [history, setHistory] = useLocalStorage<string[]>({ key: 'pharos.query-history', defaultValue: [] });
  const remember = useCallback(
    (expr: string) =>
      setHistory((old) => [expr, ...old.filter((entry) => entry !== expr)].slice(0, entryLimit)),
    [setHistory],
  );
  return { history, remember, clear: useCallback(() => setHistory([]), [setHistory]) };
}
