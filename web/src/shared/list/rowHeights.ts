/**
 * Where the rows of a long list lie. Rows count with an estimate until they were measured; sums are renewed from the
 * first changed row on, and only when somebody asks.
 */
export class RowHeights {
  private heights: number[] = [];
  /** `tops[i]` is the upper edge of row i; valid below `valid`. */
  private tops: number[] = [0];
  private valid = 0;

  constructor(private readonly estimate: number) {}

  get count(): number {
    return this.heights.length;
  }

  setCount(count: number): void {
    const old = this.heights.length;
    if (count < old) {
      this.heights.length = count;
      this.tops.length = count + 1;
      this.valid = Math.min(this.valid, count);
    }
    for (let i = old; i < count; i++) {
      this.heights.push(this.estimate);
    }
  }

  /** Forgets every measurement, for rows that are other ones now or are drawn otherwise. */
  reset(count: number): void {
    this.heights = [];
    this.valid = 0;
    this.setCount(count);
  }

  /** Whether the height was another one before. */
  set(index: number, height: number): boolean {
    if (index >= this.heights.length || Math.abs(this.heights[index] - height) < 0.5) {
      return false;
    }
    this.heights[index] = height;
    this.valid = Math.min(this.valid, index);
    return true;
  }

  height(index: number): number {
    return this.heights[index] ?? 0;
  }

  top(index: number): number {
    for (; this.valid < index; this.valid++) {
      this.tops[this.valid + 1] = this.tops[this.valid] + this.heights[this.valid];
    }
    return this.tops[index];
  }

  get total(): number {
    return this.top(this.heights.length);
  }

  /** The row at a distance from the upper edge of the first. */
  indexAt(offset: number): number {
    this.top(this.heights.length);
    let low = 0;
    let high = Math.max(0, this.heights.length - 1);
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if (this.tops[middle] <= offset) {
        low = middle;
      } else {
        high = middle - 1;
      }
    }
    return low;
  }
}
