import { RowHeights } from './rowHeights';

export interface WindowSnapshot {
  /** First and, exclusive, last row that is drawn. */
  first: number;
  last: number;
  /** Where the first drawn row lies, and the height of all. */
  topPx: number;
  totalPx: number;
  atTop: boolean;
  atEnd: boolean;
}

/** Height of a row that was not measured yet: one line of text. */
const lineRowPx = 22;
/** Rows drawn beyond the edges, so that scrolling does not show emptiness first. */
const spareRows = 12;
const edgePx = 4;

const empty: WindowSnapshot = { first: 0, last: 0, topPx: 0, totalPx: 0, atTop: true, atEnd: true };

/**
 * Decides which rows of a long list are drawn, outside of React: scrolling changes what is drawn only when a row
 * enters or leaves. Rows may have any height; they are measured after they were drawn, and what was measured above
 * the view moves the view along, so that what is being read stays in its place.
 */
export class ListWindow {
  private readonly rows: RowHeights;
  private readonly listeners = new Set<() => void>();
  private element: HTMLElement | null = null;
  private block: HTMLElement | null = null;
  private firstItem: unknown;
  private layout = '';
  private now = empty;

  /** @param rowPx height of a row that was not measured yet */
  constructor(rowPx = lineRowPx) {
    this.rows = new RowHeights(rowPx);
  }

  readonly subscribe = (listener: () => void): (() => void) => {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  };

  readonly snapshot = (): WindowSnapshot => this.now;

  /** Follows a scrolling element; a ref callback, whose result lets go again. */
  readonly attach = (element: HTMLElement | null): (() => void) | undefined => {
    if (!element) {
      return undefined;
    }
    this.element = element;
    const onScroll = () => this.update();
    const size = new ResizeObserver(() => this.update());
    element.addEventListener('scroll', onScroll, { passive: true });
    size.observe(element);
    this.update();
    return () => {
      element.removeEventListener('scroll', onScroll);
      size.disconnect();
      this.element = null;
    };
  };

  /** The element whose children are the drawn rows; each says in data-index which row it is. */
  readonly attachBlock = (block: HTMLElement | null): (() => void) | undefined => {
    if (!block) {
      return undefined;
    }
    this.block = block;
    const size = new ResizeObserver(() => this.measure());
    size.observe(block);
    return () => {
      size.disconnect();
      this.block = null;
    };
  };

  /** What the list holds now. Where it has only grown at its end, and is drawn as before, known heights are kept. */
  show(items: readonly unknown[], layout: string): void {
    const grown = this.layout === layout && this.rows.count > 0 && this.firstItem === items[0];
    this.layout = layout;
    this.firstItem = items[0];
    if (grown) {
      this.rows.setCount(items.length);
    } else {
      this.rows.reset(items.length);
    }
    this.update();
  }

  /** Takes the heights of the drawn rows. */
  measure(): void {
    const scrollTop = this.element?.scrollTop ?? 0;
    let moved = 0;
    let changed = false;
    for (const row of this.block?.querySelectorAll<HTMLElement>(':scope > [data-index]') ?? []) {
      const index = Number(row.dataset.index);
      const old = this.rows.height(index);
      const above = this.rows.top(index) + old <= scrollTop;
      if (this.rows.set(index, row.offsetHeight)) {
        changed = true;
        moved += above ? row.offsetHeight - old : 0;
      }
    }
    if (changed) {
      this.update();
      if (moved !== 0 && this.element) {
        this.element.scrollTop = scrollTop + moved;
      }
    }
  }

  /** Scrolls as little as needed to show a row; one that is far away comes to the middle. */
  reveal(index: number): void {
    const view = this.element;
    if (!view || index < 0 || index >= this.rows.count) {
      return;
    }
    const top = this.rows.top(index);
    const bottom = top + this.rows.height(index);
    const low = view.scrollTop;
    const high = low + view.clientHeight;
    if (top < low - view.clientHeight || bottom > high + view.clientHeight) {
      view.scrollTop = Math.max(0, top - view.clientHeight / 2);
    } else if (top < low) {
      view.scrollTop = top;
    } else if (bottom > high) {
      view.scrollTop = Math.min(top, bottom - view.clientHeight);
    }
    this.update();
  }

  toEnd(): void {
    if (this.element) {
      this.element.scrollTop = this.rows.total;
      this.update();
    }
  }

  toTop(): void {
    if (this.element) {
      this.element.scrollTop = 0;
      this.update();
    }
  }

  private update(): void {
    const top = this.element?.scrollTop ?? 0;
    const height = this.element?.clientHeight ?? 0;
    const { count, total } = this.rows;
    const first = Math.max(0, this.rows.indexAt(top) - spareRows);
    const last = Math.min(count, this.rows.indexAt(top + height) + 1 + spareRows);
    const next: WindowSnapshot = {
      first,
      last,
      topPx: this.rows.top(first),
      totalPx: total,
      atTop: top <= edgePx,
      atEnd: top + height >= total - edgePx,
    };
    const old = this.now;
    const same = (Object.keys(next) as (keyof WindowSnapshot)[]).every((name) => next[name] === old[name]);
    if (!same) {
      this.now = next;
      this.listeners.forEach((listener) => listener());
    }
  }
}
