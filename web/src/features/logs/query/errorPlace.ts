/** The offset that a server's message names (`parse error at line 1, col 5: ...`), or null where it names none. */
export function errorOffset(message: string, query: string): number | null {
  const match = /parse error at line (\d+), col (\d+)/.exec(message);
  if (!match) {
    return null;
  }
  const lines = query.split('\n');
  const line = Math.min(Number(match[1]), lines.length) - 1;
  if (line < 0) {
    return null;
  }
  const start = lines.slice(0, line).reduce((sum, text) => sum + text.length + 1, 0);
  return start + Math.min(Math.max(0, Number(match[2]) - 1), lines[line].length);
}
