const pad = (value: number) => String(value).padStart(2, '0');

/** `2026-03-18 14:37:25`, local time: the form that the absolute range fields accept back. */
export function formatDateTime(ms: number): string {
  const d = new Date(ms);
  return `${d.getFullYear()}-${pad(d.getMonth() + 1)}-${pad(d.getDate())} ${formatClock(ms)}`;
}

export function formatClock(ms: number): string {
  const d = new Date(ms);
  return `${pad(d.getHours())}:${pad(d.getMinutes())}:${pad(d.getSeconds())}`;
}

/** The zero time of Go (`0001-01-01…`) means "never" in every answer of the peers' APIs. */
export function parseTimestamp(text: string | undefined): number | null {
  if (!text || text.startsWith('0001-')) {
    return null;
  }
  const ms = Date.parse(text);
  return Number.isNaN(ms) ? null : ms;
}
