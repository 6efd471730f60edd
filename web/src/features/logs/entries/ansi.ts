export type AnsiColor = 'black' | 'red' | 'green' | 'yellow' | 'blue' | 'magenta' | 'cyan' | 'white';

export interface AnsiStyle {
  fg?: AnsiColor;
  bg?: AnsiColor;
  bold?: boolean;
  dim?: boolean;
  italic?: boolean;
  underline?: boolean;
}

export interface AnsiSpan {
  text: string;
  style: AnsiStyle;
}

const colors: AnsiColor[] = ['black', 'red', 'green', 'yellow', 'blue', 'magenta', 'cyan', 'white'];

// Control sequences (CSI), of which only those that end in m colour; operating system commands (OSC); lone escapes.
// eslint-disable-next-line no-control-regex
const escapes = /\u001b\[([0-9;:]*)([@-~])|\u001b\][^\u0007\u001b]*(?:\u0007|\u001b\\)|\u001b./g;

/** Cuts a line at its terminal escapes. Colours keep their names, so that each theme draws them readably. */
export function parseAnsi(line: string): AnsiSpan[] {
  if (!line.includes('\u001b')) {
    return [{ text: line, style: {} }];
  }
  const spans: AnsiSpan[] = [];
  let style: AnsiStyle = {};
  let at = 0;
  const push = (to: number) => {
    if (to > at) {
      spans.push({ text: line.slice(at, to), style });
    }
  };
  for (const match of line.matchAll(escapes)) {
    push(match.index);
    if (match[2] === 'm') {
      style = applyCodes(style, match[1].split(/[;:]/).map(Number));
    }
    at = match.index + match[0].length;
  }
  push(line.length);
  return spans;
}

export function stripAnsi(line: string): string {
  return line.includes('\u001b') ? line.replace(escapes, '') : line;
}

function applyCodes(old: AnsiStyle, codes: number[]): AnsiStyle {
  let style = { ...old };
  for (let i = 0; i < codes.length; i++) {
    const code = codes[i];
    if (code === 0) {
      style = {};
    } else if (code === 38 || code === 48) {
      const { color, used } = extendedColor(codes.slice(i + 1));
      style = { ...style, [code === 38 ? 'fg' : 'bg']: color };
      i += used;
    } else {
      style = { ...style, ...simpleCode(code) };
    }
  }
  return style;
}

function simpleCode(code: number): AnsiStyle {
  switch (code) {
    case 1:
      return { bold: true };
    case 2:
      return { dim: true };
    case 3:
      return { italic: true };
    case 4:
      return { underline: true };
    case 22:
      return { bold: false, dim: false };
    case 23:
      return { italic: false };
    case 24:
      return { underline: false };
    case 39:
      return { fg: undefined };
    case 49:
      return { bg: undefined };
  }
  const color = colors[code % 10];
  if ((code >= 30 && code <= 37) || (code >= 90 && code <= 97)) {
    return { fg: color };
  }
  return (code >= 40 && code <= 47) || (code >= 100 && code <= 107) ? { bg: color } : {};
}

/** `5;n` of the 256 colours and `2;r;g;b`: the nearest of the eight named ones. */
function extendedColor(codes: number[]): { color: AnsiColor | undefined; used: number } {
  if (codes[0] === 2) {
    return { color: nearest(codes[1] ?? 0, codes[2] ?? 0, codes[3] ?? 0), used: 4 };
  }
  if (codes[0] !== 5) {
    return { color: undefined, used: 0 };
  }
  const n = codes[1] ?? 0;
  if (n < 16) {
    return { color: colors[n % 8], used: 2 };
  }
  if (n >= 232) {
    return { color: n < 244 ? 'black' : 'white', used: 2 };
  }
  const step = (value: number) => (value % 6) * 51;
  const cube = n - 16;
  return { color: nearest(step(Math.floor(cube / 36)), step(Math.floor(cube / 6)), step(cube)), used: 2 };
}

function nearest(red: number, green: number, blue: number): AnsiColor {
  const top = Math.max(red, green, blue);
  const half = top / 2;
  const bits = (red > half ? 1 : 0) + (green > half ? 2 : 0) + (blue > half ? 4 : 0);
  return top < 64 ? 'black' : colors[bits];
}
