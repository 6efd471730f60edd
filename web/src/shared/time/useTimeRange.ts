import { useCallback, useEffect, useMemo, useState } from 'react';
import { useSearchParams } from 'react-router';

import { parseDurationSec } from './duration';
import { resolveTime } from './timeExpression';

export interface TimeRange {
  from: string;
  to: string;
  refresh: string;
  fromMs: number;
  toMs: number;
  /** Grows with every refresh, so that a query key that holds it asks again. */
  tick: number;
  setRange: (from: string, to: string) => void;
  zoomOut: () => void;
  setRefresh: (refresh: string) => void;
  refreshNow: () => void;
}

export interface TimeRangeDefaults {
  from: string;
  to: string;
  refresh: string;
}

const smallestRefreshSec = 1;

/** The time range of the page, kept in the URL under Grafana's names: from, to and refresh. */
export function useTimeRange(defaults: TimeRangeDefaults): TimeRange {
  const [params, setParams] = useSearchParams();
  const [clock, setClock] = useState(() => ({ tick: 0, nowMs: Date.now() }));
  const from = params.get('from') ?? defaults.from;
  const to = params.get('to') ?? defaults.to;
  const refresh = params.get('refresh') ?? defaults.refresh;

  const refreshNow = useCallback(() => setClock((old) => ({ tick: old.tick + 1, nowMs: Date.now() })), []);

  useEffect(() => {
    const seconds = parseDurationSec(refresh);
    if (seconds === null || seconds < smallestRefreshSec) {
      return undefined;
    }
    const timer = setInterval(() => {
      if (!document.hidden) {
        refreshNow();
      }
    }, seconds * 1000);
    return () => clearInterval(timer);
  }, [refresh, refreshNow]);

  const setRange = useCallback(
    (newFrom: string, newTo: string) => {
      setClock((old) => ({ tick: old.tick + 1, nowMs: Date.now() }));
      setParams((old) => {
        const next = new URLSearchParams(old);
        next.set('from', newFrom);
        next.set('to', newTo);
        return next;
      });
    },
    [setParams],
  );

  const setRefresh = useCallback(
    (value: string) =>
      setParams(
        (old) => {
          const next = new URLSearchParams(old);
          next.set('refresh', value);
          return next;
        },
        { replace: true },
      ),
    [setParams],
  );

  return useMemo(() => {
    const toMs = resolveTime(to, clock.nowMs, true) ?? clock.nowMs;
    const fromMs = Math.min(resolveTime(from, clock.nowMs) ?? toMs - 3_600_000, toMs - 1000);
    const zoomOut = () => {
      const half = toMs - fromMs;
      const end = Math.min(toMs + half / 2, Date.now());
      setRange(String(Math.round(end - 2 * half)), String(Math.round(end)));
    };
    return { from, to, refresh, fromMs, toMs, tick: clock.tick, setRange, zoomOut, setRefresh, refreshNow };
  }, [from, to, refresh, clock, setRange, setRefresh, refreshNow]);
}
