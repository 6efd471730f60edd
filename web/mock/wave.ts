/** A repeatable, lively value for a name at a time: slow and fast waves with a little noise. */
export function wave(name: string, timeMs: number): number {
  const seed = hash(name);
  const minutes = timeMs / 60_000;
  const noise = (hash(`${name}${Math.floor(timeMs / 15_000)}`) % 1000) / 1000;
  const level = 20 + (seed % 60);
  return (
    level * (1 + 0.25 * Math.sin(minutes / (7 + (seed % 9)) + seed) + 0.1 * Math.sin(minutes * 1.7 + seed)) +
    noise * 6
  );
}

export function hash(text: string): number {
  let value = 2166136261;
  for (let i = 0; i < text.length; i++) {
    value = Math.imul(value ^ text.charCodeAt(i), 16777619);
  }
  return value >>> 0;
}
