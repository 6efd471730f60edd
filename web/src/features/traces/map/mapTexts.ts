import type { Health } from './serviceGraph';

export const healthWords: Record<Health, string> = {
  healthy: 'healthy',
  degraded: 'degraded',
  failing: 'failing',
  idle: 'not called',
};

/** `12.5/s`, or by the minute where it is seldom. */
export function rateText(perSec: number, protocol = ''): string {
  if (protocol === 'tcp') {
    return perSec >= 1e6 ? `${trim(perSec / 1e6)} MB/s` : `${trim(perSec / 1e3)} kB/s`;
  }
  return perSec > 0 && perSec < 0.1 ? `${trim(perSec * 60)}/min` : `${trim(perSec)}/s`;
}

export function percentText(percent: number): string {
  return `${trim(percent)}%`;
}

export function msText(ms: number | null): string {
  if (ms === null || !Number.isFinite(ms)) {
    return '–';
  }
  return ms >= 1000 ? `${trim(ms / 1000)}s` : `${trim(ms)}ms`;
}

function trim(value: number): string {
  const decimals = value >= 100 ? 0 : value >= 10 ? 1 : 2;
  return value.toFixed(decimals).replace(/\.0+$|(\.\d*[1-9])0+$/, '$1');
}
