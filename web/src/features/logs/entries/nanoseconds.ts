import type { TimeNs } from '../../../api/loki';
import { formatClock } from '../../../shared/time/formatTime';

export function compareNs(a: TimeNs, b: TimeNs): number {
  return a.length - b.length || (a < b ? -1 : a > b ? 1 : 0);
}

export const nsOfMs = (ms: number): TimeNs => `${Math.round(ms)}000000`;

/** Loses what is smaller than a millisecond. */
export const msOfNs = (ns: TimeNs): number => Number(ns.slice(0, -6));

export const addNs = (ns: TimeNs, by: bigint): TimeNs => (BigInt(ns) + by).toString();

/** `03-18 14:37:25.123`, of the browser's zone or of UTC. */
export function formatLineTime(ns: TimeNs, utc: boolean): string {
  const ms = msOfNs(ns);
  const fraction = ns.slice(-9, -6).padStart(3, '0');
  if (utc) {
    return `${new Date(ms).toISOString().slice(5, 19).replace('T', ' ')}.${fraction}`;
  }
  const date = new Date(ms);
  const two = (value: number) => String(value).padStart(2, '0');
  return `${two(date.getMonth() + 1)}-${two(date.getDate())} ${formatClock(ms)}.${fraction}`;
}

/** With year and every digit: `2026-03-18T14:37:25.123456789Z`. */
export function formatExactTime(ns: TimeNs): string {
  return `${new Date(msOfNs(ns)).toISOString().slice(0, 19)}.${ns.slice(-9)}Z`;
}
