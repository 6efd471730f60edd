import { expect, it } from 'vitest';

import { exemplarDots } from './exemplarDots';

const frame = {
  leftPx: 50,
  topPx: 10,
  widthPx: 200,
  heightPx: 100,
  fromMs: 1000,
  toMs: 2000,
  low: 0,
  high: 10,
};
const at = (timeMs: number, value: number) => ({ timeMs, value, title: '', to: `/${timeMs}/${value}` });

it('puts exemplars where their time and value are, and on the edge where that is outside', () =>
  expect(exemplarDots([at(1500, 5), at(1250, 99), at(900, 5), at(2100, 5)], frame)).toEqual([
    { exemplar: at(1250, 99), xPx: 100, yPx: 10 },
    { exemplar: at(1500, 5), xPx: 150, yPx: 60 },
  ]));

it('shows the higher of two in one place, and a bounded number of places', () => {
  expect(exemplarDots([at(1500, 5), at(1502, 5.1)], frame).map(({ exemplar }) => exemplar.value)).toEqual([
    5.1,
  ]);
  const many = Array.from({ length: 5000 }, (_, i) => at(1000 + (i % 1000), (i * 7) % 10));
  const dots = exemplarDots(many, { ...frame, widthPx: 2000, heightPx: 900 });
  expect(dots).toHaveLength(150);
});
