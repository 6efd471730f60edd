import type { Labels } from '../../../api/prometheus';

export const levels = ['critical', 'error', 'warn', 'info', 'debug', 'trace', 'unknown'] as const;
export type Level = (typeof levels)[number];

const names: Record<string, Level> = {
  emerg: 'critical',
  emergency: 'critical',
  alert: 'critical',
  crit: 'critical',
  critical: 'critical',
  fatal: 'critical',
  panic: 'critical',
  err: 'error',
  eror: 'error',
  error: 'error',
  warn: 'warn',
  warning: 'warn',
  info: 'info',
  information: 'info',
  informational: 'info',
  notice: 'info',
  dbug: 'debug',
  debug: 'debug',
  trce: 'trace',
  trace: 'trace',
  verbose: 'trace',
};

// In the order in which they are believed: what the server found, then what senders call it.
const levelLabels = ['detected_level', 'level', 'lvl', 'severity', 'severity_text', 'loglevel', 'log_level'];

/** The level that a word stands for, however it is written. */
export function levelFromName(name: string | undefined): Level {
  return names[(name ?? '').toLowerCase()] ?? 'unknown';
}

/** The level of a line, from the first of the sets that knows one. */
export function levelOf(...sets: (Labels | undefined)[]): Level {
  for (const label of levelLabels) {
    for (const set of sets) {
      const level = levelFromName(set?.[label]);
      if (level !== 'unknown') {
        return level;
      }
    }
  }
  return 'unknown';
}

/** Bars of the histogram: each stands out from both surfaces and from its neighbours in the pile. */
export const levelColors: Record<Level, string> = {
  critical: '#9b4fd0',
  error: '#d9485a',
  warn: '#d99a1c',
  info: '#3f9f63',
  debug: '#3b86d1',
  trace: '#6fa9b8',
  unknown: '#8a97a6',
};
