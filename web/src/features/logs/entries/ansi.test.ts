import { describe, expect, it } from 'vitest';

import { parseAnsi, stripAnsi } from './ansi';

const esc = '\u001b';

describe('parseAnsi', () => {
  it('leaves a plain line whole', () => {
    expect(parseAnsi('plain [31m text')).toEqual([{ text: 'plain [31m text', style: {} }]);
  });

  it('colours until the reset', () => {
    expect(parseAnsi(`a ${esc}[1;31mred${esc}[0m b`)).toEqual([
      { text: 'a ', style: {} },
      { text: 'red', style: { bold: true, fg: 'red' } },
      { text: ' b', style: {} },
    ]);
  });

  it('knows bright colours, backgrounds and an empty reset', () => {
    expect(parseAnsi(`${esc}[92;44mx${esc}[my`)).toEqual([
      { text: 'x', style: { fg: 'green', bg: 'blue' } },
      { text: 'y', style: {} },
    ]);
  });

  it('takes the nearest name for 256 and for true colours', () => {
    expect(parseAnsi(`${esc}[38;5;196mx`)[0].style).toEqual({ fg: 'red' });
    expect(parseAnsi(`${esc}[38;2;40;200;210;1mx`)[0].style).toEqual({ fg: 'cyan', bold: true });
    expect(parseAnsi(`${esc}[38;5;250mx`)[0].style).toEqual({ fg: 'white' });
  });

  it('drops what moves the cursor or names a window', () => {
    expect(
      parseAnsi(`a${esc}[2Kb${esc}]0;title\u0007c`)
        .map(({ text }) => text)
        .join(''),
    ).toBe('abc');
    expect(stripAnsi(`a${esc}[31mb${esc}[0m`)).toBe('ab');
  });
});
