import { describe, expect, it } from 'vitest';

import { jsonLines, plainLines } from './download';
import { entriesOf } from './entries';

const entries = entriesOf(
  [
    {
      stream: { app: 'a' },
      values: [
        ['1700000000123456789', '\u001b[31mred\u001b[0m', { structuredMetadata: { trace_id: 'f00' } }],
      ],
    },
  ],
  'backward',
);

describe('downloads', () => {
  it('keep every digit of the time, and the line with or without colours', () => {
    expect(plainLines(entries)).toBe('2023-11-14T22:13:20.123456789Z red\n');
    expect(JSON.parse(jsonLines(entries))).toEqual({
      timestamp: '2023-11-14T22:13:20.123456789Z',
      line: '\u001b[31mred\u001b[0m',
      labels: { app: 'a' },
      structuredMetadata: { trace_id: 'f00' },
      parsed: {},
    });
  });
});
