const units: [string, number][] = [
  ['y', 31_536_000],
  ['w', 604_800],
  ['d', 86_400],
  ['h', 3_600],
  ['m', 60],
  ['s', 1],
];

/** Reads a Prometheus duration (`1h30m`, `15s`, `500ms`) or plain seconds; null when it is neither. */
export function parseDurationSec(text: string): number | null {
  const trimmed = text.trim();
  if (/^\d+(\.\d+)?$/.test(trimmed)) {
    return Number(trimmed);
  }
  const match = /^(?:(\d+)y)?(?:(\d+)w)?(?:(\d+)d)?(?:(\d+)h)?(?:(\d+)m)?(?:(\d+)s)?(?:(\d+)ms)?$/.exec(
    trimmed,
  );
  if (!match || trimmed === '') {
    return null;
  }
  const whole = units.reduce((sum, [, seconds], i) => sum + Number(match[i + 1] ?? 0) * seconds, 0);
  return whole + Number(match[7] ?? 0) / 1000;
}

/** Writes seconds in the two largest units that matter: `1h 5m`, `45s`, `120ms`. */
export function formatDurationSec(seconds: number): string {
  if (!Number.isFinite(seconds)) {
    return '–';
  }
  if (seconds === 0) {
    return '0s';
  }
  if (seconds < 0.001) {
    return `${(seconds * 1e6).toFixed(0)}µs`;
  }
  if (seconds < 1) {
    return `${(seconds * 1000).toFixed(seconds < 0.01 ? 1 : 0)}ms`;
  }
  if (seconds < 10 && !Number.isInteger(seconds)) {
    return `${seconds.toFixed(1)}s`;
  }
  let rest = Math.round(seconds);
  const parts: string[] = [];
  for (const [name, size] of units) {
    const amount = Math.floor(rest / size);
    rest -= amount * size;
    if (amount > 0) {
      parts.push(`${amount}${name}`);
    } else if (parts.length > 0) {
      break;
    }
    if (parts.length === 2) {
      break;
    }
  }
  return parts.join(' ');
}
