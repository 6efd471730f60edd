import type { Tone } from '../../../shared/components/StateBadge';
import type { Level } from '../entries/levels';

export const levelTones: Record<Level, Tone> = {
  critical: 'red',
  error: 'red',
  warn: 'amber',
  info: 'green',
  debug: 'blue',
  trace: 'gray',
  unknown: 'gray',
};
