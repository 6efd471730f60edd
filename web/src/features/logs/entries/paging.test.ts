import { describe, expect, it } from 'vitest';

import type { Direction, EntryExtras, StreamElement } from '../../../api/loki';
import { entriesOf } from './entries';
import { compareNs } from './nanoseconds';
import { firstPage, makePage, nextPage, pageRange, type PageStart } from './paging';

const range = { startNs: '1700000000000000000', endNs: '1700000001000000000' };

/** A server that holds these times and answers as Loki does: start inclusive, end exclusive. */
function server(times: string[]) {
  const all = times.map((time, i): [string, string] => [time, `line ${i}`]);
  return (from: string, to: string, direction: Direction, limit: number): StreamElement[] => {
    const inside = all.filter(([time]) => compareNs(time, from) >= 0 && compareNs(time, to) < 0);
    inside.sort((a, b) => (direction === 'forward' ? 1 : -1) * compareNs(a[0], b[0]));
    return [{ stream: { app: 'a' }, values: inside.slice(0, limit) }];
  };
}

function readAll(times: string[], direction: Direction, limit: number): string[] {
  const ask = server(times);
  const lines: string[] = [];
  let start: PageStart | undefined = { ...firstPage, limit };
  for (let pages = 0; start && pages < 100; pages++) {
    const { startNs, endNs } = pageRange(range, direction, start);
    const page = makePage(start, entriesOf(ask(startNs, endNs, direction, start.limit), direction));
    lines.push(...page.entries.map(({ line }) => line));
    start = nextPage(page, direction);
  }
  return lines;
}

const at = (offset: number) => (1700000000000000000n + BigInt(offset)).toString();

describe('paging', () => {
  for (const direction of ['backward', 'forward'] as const) {
    it(`reads every line once, ${direction}, with many in one nanosecond across the pages`, () => {
      const times = Array.from({ length: 6000 }, (_, i) => at(Math.floor(i / 700)));
      const lines = readAll(times, direction, 1000);
      expect(lines).toHaveLength(6000);
      expect(new Set(lines).size).toBe(6000);
    });

    it(`asks for more when one nanosecond fills a page, ${direction}`, () => {
      const times = Array.from({ length: 1500 }, () => at(5)).concat(at(1), at(9));
      const lines = readAll(times, direction, 1000);
      expect(new Set(lines).size).toBe(1502);
      expect(lines).toHaveLength(1502);
    });
  }

  it('steps over a nanosecond that is larger than the largest page instead of asking for ever', () => {
    const times = Array.from({ length: 5200 }, () => at(5)).concat(at(1));
    const lines = readAll(times, 'backward', 1000);
    expect(lines.at(-1)).toBe('line 5200');
    expect(lines).toHaveLength(5001);
  });

  it('keeps the order of time and the newest first', () => {
    expect(readAll([at(1), at(3), at(2)], 'backward', 2)).toEqual(['line 1', 'line 2', 'line 0']);
    expect(readAll([at(1), at(3), at(2)], 'forward', 2)).toEqual(['line 0', 'line 2', 'line 1']);
  });
});

describe('entriesOf', () => {
  it('gives an entry the same key whatever a query extracts from it', () => {
    const key = (extras: EntryExtras) =>
      entriesOf([{ stream: { a: 'b' }, values: [[at(1), 'x', extras]] }], 'backward')[0].key;
    const structuredMetadata = { trace_id: 'f00' };
    expect(key({ structuredMetadata, parsed: { c: 'd' } })).toBe(key({ structuredMetadata }));
    expect(key({ structuredMetadata: { trace_id: 'f01' } })).not.toBe(key({ structuredMetadata }));
  });

  it('numbers twins, so that each has a key of its own', () => {
    const streams: StreamElement[] = [
      {
        stream: { a: 'b' },
        values: [
          [at(1), 'x'],
          [at(1), 'x'],
          [at(1), 'y'],
        ],
      },
    ];
    const keys = entriesOf(streams, 'backward').map(({ key }) => key);
    expect(new Set(keys).size).toBe(3);
    expect(keys[1]).toBe(`${keys[0]}.2`);
  });
});
