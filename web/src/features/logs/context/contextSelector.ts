import type { Labels } from '../../../api/prometheus';
import { quote } from '../query/tokens';

// What rotation appends or inserts: .1, .2.gz, -20260318, .2026-03-18, .bak, .old.
const rotated = /(?:[.-]\d{4}-?\d{2}-?\d{2}(?:[T_-]?\d+)?|\.\d{1,4}|\.old|\.bak|\.gz|\.zst|\.bz2|\.z)+$/i;

/** The name that a log file had before rotation, for one that was rotated; others are as they were. */
export const unrotatedName = (path: string): string => path.replace(rotated, '');

/**
 * The stream that a line belongs to, all of its files included: a rotated file has another name but goes on with the
 * same lines.
 */
export function contextSelector(stream: Labels): string {
  const matchers = Object.entries(stream).map(([name, value]) => {
    if (name !== 'filename') {
      return `${name}=${quote(value)}`;
    }
    const base = unrotatedName(value).replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
    return `filename=~${quote(`${base}([.-].*)?`)}`;
  });
  return `{${matchers.join(', ')}}`;
}
