export interface QuickRange {
  label: string;
  from: string;
  to: string;
}

export const quickRanges: QuickRange[] = [
  { label: 'Last 5 minutes', from: 'now-5m', to: 'now' },
  { label: 'Last 15 minutes', from: 'now-15m', to: 'now' },
  { label: 'Last 30 minutes', from: 'now-30m', to: 'now' },
  { label: 'Last 1 hour', from: 'now-1h', to: 'now' },
  { label: 'Last 3 hours', from: 'now-3h', to: 'now' },
  { label: 'Last 6 hours', from: 'now-6h', to: 'now' },
  { label: 'Last 12 hours', from: 'now-12h', to: 'now' },
  { label: 'Last 24 hours', from: 'now-24h', to: 'now' },
  { label: 'Last 2 days', from: 'now-2d', to: 'now' },
  { label: 'Last 7 days', from: 'now-7d', to: 'now' },
  { label: 'Last 30 days', from: 'now-30d', to: 'now' },
  { label: 'Today', from: 'now/d', to: 'now/d' },
  { label: 'Yesterday', from: 'now-1d/d', to: 'now-1d/d' },
  { label: 'This week', from: 'now/w', to: 'now/w' },
];

export const refreshIntervals = ['5s', '10s', '15s', '30s', '1m', '5m', '15m', '30m', '1h'];

/** A range in words: the quick range's name, `now-90m to now`, or two local times. */
export function describeRange(from: string, to: string, show: (ms: number) => string): string {
  const quick = quickRanges.find((range) => range.from === from && range.to === to);
  if (quick) {
    return quick.label;
  }
  const word = (text: string) => (/^\d{10,}$/.test(text) ? show(Number(text)) : text);
  return `${word(from)} to ${word(to)}`;
}
