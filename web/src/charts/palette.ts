// Twelve hues that stay apart for the common kinds of colour blindness and on both surfaces.
const palette = [
  '#3b9fd1',
  '#e58a1f',
  '#35a468',
  '#d5516a',
  '#8d7be0',
  '#b6a416',
  '#2bb3ad',
  '#c86fc9',
  '#7d98b5',
  '#a8734a',
  '#79b843',
  '#e0709c',
];

export function seriesColor(index: number): string {
  return palette[index % palette.length];
}
