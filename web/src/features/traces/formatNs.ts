/** `1.23s`, `45ms`, `310µs`, `2m 5s`: three digits that matter, in the unit that fits. */
export function formatNs(ns: number): string {
  if (!Number.isFinite(ns)) {
    return '–';
  }
  if (ns < 0) {
    return `-${formatNs(-ns)}`;
  }
  if (ns >= 3600e9) {
    return `${Math.floor(ns / 3600e9)}h ${Math.floor((ns % 3600e9) / 60e9)}m`;
  }
  if (ns >= 60e9) {
    return `${Math.floor(ns / 60e9)}m ${Math.floor((ns % 60e9) / 1e9)}s`;
  }
  const [unit, size] =
    ns >= 1e9 ? (['s', 1e9] as const) : ns >= 1e6 ? (['ms', 1e6] as const) : (['µs', 1e3] as const);
  return `${threeDigits(ns / size)}${unit}`;
}

function threeDigits(value: number): string {
  const decimals = value >= 100 ? 0 : value >= 10 ? 1 : 2;
  const text = value.toFixed(decimals);
  return text.includes('.') ? text.replace(/\.?0+$/, '') : text;
}
