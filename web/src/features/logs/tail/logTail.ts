import { openTail, type Direction, type TailFrame, type TimeNs } from '../../../api/loki';
import type { Labels } from '../../../api/prometheus';
import { entriesOf, type LogEntry } from '../entries/entries';
import { addNs } from '../entries/nanoseconds';
import { addNewest, withMetadataApart } from './tailEntries';

export interface TailSnapshot {
  /** In the order in which they are shown. */
  entries: LogEntry[];
  /** Came while the tail was paused, and wait. */
  waiting: number;
  dropped: { labels: Labels; timestamp: string }[];
  droppedCount: number;
  state: 'connecting' | 'open' | 'retrying';
  paused: boolean;
  /** Older lines than the newest were let go, so that the browser stays quick. */
  forgotten: boolean;
}

/** Lines that are held; a tail of hours must not fill the browser's memory. */
export const heldTailLines = 20_000;
const shownDropped = 50;
/** New lines are shown this often at most: nobody reads faster. */
const flushMs = 200;
const firstLines = 100;
const retryMs = [1000, 2000, 5000, 10_000];

/** Follows the new lines of a query over a WebSocket, and connects again when that breaks. */
export class LogTail {
  private readonly listeners = new Set<() => void>();
  private socket: WebSocket | null = null;
  private timer: ReturnType<typeof setTimeout> | undefined;
  private flushTimer: ReturnType<typeof setTimeout> | undefined;
  private failures = 0;
  private pending: LogEntry[] = [];
  private now: TailSnapshot = {
    entries: [],
    waiting: 0,
    dropped: [],
    droppedCount: 0,
    state: 'connecting',
    paused: false,
    forgotten: false,
  };

  constructor(
    private readonly query: string,
    private readonly direction: Direction,
    private nextNs: TimeNs,
    /** The names that are labels of streams; what else a frame carries is metadata. Empty when unknown. */
    private readonly streamLabels: ReadonlySet<string>,
  ) {}

  readonly subscribe = (listener: () => void): (() => void) => {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  };

  readonly snapshot = (): TailSnapshot => this.now;

  start(): void {
    const socket = openTail(this.query, this.nextNs, firstLines);
    this.socket = socket;
    socket.onopen = () => {
      this.failures = 0;
      this.change({ state: 'open' });
    };
    socket.onmessage = (event: MessageEvent<string>) => this.take(JSON.parse(event.data) as TailFrame);
    socket.onclose = () => {
      const wait = retryMs[Math.min(this.failures++, retryMs.length - 1)];
      this.change({ state: 'retrying' });
      this.timer = setTimeout(() => this.start(), wait);
    };
  }

  stop(): void {
    clearTimeout(this.timer);
    clearTimeout(this.flushTimer);
    if (this.socket) {
      this.socket.onclose = null;
      this.socket.close();
      this.socket = null;
    }
  }

  pause(paused: boolean): void {
    this.change({ paused });
    this.flush();
  }

  clear(): void {
    this.pending = [];
    this.change({ entries: [], waiting: 0, dropped: [], droppedCount: 0, forgotten: false });
  }

  private take(frame: TailFrame): void {
    const streams = frame.streams ?? [];
    const apart = frame.encodingFlags?.includes('categorize-labels') === true;
    const entries = entriesOf(apart ? streams : withMetadataApart(streams, this.streamLabels), 'forward');
    const newest = entries.at(-1);
    if (newest) {
      // After a break the tail goes on behind what was seen.
      this.nextNs = addNs(newest.timeNs, 1n);
      this.pending.push(...entries);
      this.pending.splice(0, this.pending.length - heldTailLines);
    }
    const dropped = frame.dropped_entries ?? [];
    if (dropped.length > 0) {
      this.change({
        dropped: [...dropped, ...this.now.dropped].slice(0, shownDropped),
        droppedCount: this.now.droppedCount + dropped.length,
      });
    }
    this.flushTimer ??= setTimeout(() => this.flush(), flushMs);
  }

  private flush(): void {
    clearTimeout(this.flushTimer);
    this.flushTimer = undefined;
    if (this.now.paused) {
      this.change({ waiting: this.pending.length });
      return;
    }
    if (this.pending.length > 0 || this.now.waiting > 0) {
      const { entries, forgotten } = addNewest(this.now.entries, this.pending, this.direction, heldTailLines);
      this.pending = [];
      this.change({ entries, waiting: 0, forgotten: forgotten || this.now.forgotten });
    }
  }

  private change(part: Partial<TailSnapshot>): void {
    this.now = { ...this.now, ...part };
    this.listeners.forEach((listener) => listener());
  }
}
