/** Columns and rows for tiles of the most useful shape: about twice as wide as high. */
export function tileGrid(count: number, width: number, height: number): { columns: number; rows: number } {
  let best = { columns: 1, rows: Math.max(count, 1), score: Number.NEGATIVE_INFINITY };
  for (let columns = 1; columns <= count; columns++) {
    const rows = Math.ceil(count / columns);
    const score = Math.min(width / columns / 2, height / rows) - (columns * rows - count);
    if (score > best.score) {
      best = { columns, rows, score };
    }
  }
  return { columns: best.columns, rows: best.rows };
}
