import { describe, expect, it } from 'vitest';

import { entriesOf } from '../entries/entries';
import { addNewest, withMetadataApart } from './tailEntries';

const made = (...times: number[]) =>
  entriesOf(
    [
      {
        stream: {},
        values: times.map((time) => [`${1_700_000_000_000_000_000n + BigInt(time)}`, `${time}`]),
      },
    ],
    'forward',
  );
const lines = (entries: { line: string }[]) => entries.map(({ line }) => line).join(' ');

describe('addNewest', () => {
  it('puts the newest on top or at the end', () => {
    expect(lines(addNewest(made(1, 2).reverse(), made(3, 4), 'backward', 10).entries)).toBe('4 3 2 1');
    expect(lines(addNewest(made(1, 2), made(3, 4), 'forward', 10).entries)).toBe('1 2 3 4');
  });

  it('lets the oldest go and says so', () => {
    const backward = addNewest(made(1, 2).reverse(), made(3, 4), 'backward', 3);
    expect([lines(backward.entries), backward.forgotten]).toEqual(['4 3 2', true]);
    const forward = addNewest(made(1, 2), made(3, 4), 'forward', 3);
    expect([lines(forward.entries), forward.forgotten]).toEqual(['2 3 4', true]);
  });
});

describe('withMetadataApart', () => {
  it('takes for metadata what is no label of a stream', () => {
    const [element] = withMetadataApart(
      [{ stream: { app: 'a', trace_id: 'f00' }, values: [['1', 'x']] }],
      new Set(['app']),
    );
    expect(element).toEqual({
      stream: { app: 'a' },
      values: [['1', 'x', { structuredMetadata: { trace_id: 'f00' } }]],
    });
  });
});
