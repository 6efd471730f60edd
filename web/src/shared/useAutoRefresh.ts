import { parseDurationSec } from './time/duration';
import { useUrlState } from './useUrlState';

/** How often a list asks again, from the URL (`refresh`); false switches it off. */
export function useAutoRefresh(fallback = '10s') {
  const [refresh, setRefresh] = useUrlState('refresh', fallback);
  const seconds = parseDurationSec(refresh);
  return {
    refresh,
    setRefresh,
    intervalMs: seconds === null ? (false as const) : Math.max(1, seconds) * 1000,
  };
}
