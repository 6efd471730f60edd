import { describe, expect, it } from 'vitest';

import { readLogsState, writeLogsState } from './logsUrl';

describe('the address of the logs page', () => {
  it('says only what is not as usual and keeps what belongs to others', () => {
    const params = new URLSearchParams({ from: 'now-6h', to: 'now', wrap: '1' });
    const next = writeLogsState(params, { ...readLogsState(params), query: '{a="b"}', wrap: false });
    expect(next.toString()).toBe(
      new URLSearchParams({ from: 'now-6h', to: 'now', query: '{a="b"}' }).toString(),
    );
  });

  it('comes back as it was written', () => {
    const state = {
      query: '{a="b"} |= `x&y`',
      tab: 'fields',
      direction: 'forward',
      wrap: true,
      utc: true,
      columns: ['status', 'ms'],
      line: '1700000000000000000-abc',
      live: true,
    } as const;
    expect(
      readLogsState(writeLogsState(new URLSearchParams(), { ...state, columns: [...state.columns] })),
    ).toEqual(state);
  });

  it('takes no tab that does not exist', () => {
    expect(readLogsState(new URLSearchParams({ tab: 'x' })).tab).toBe('lines');
  });
});
