import { describe, expect, it } from 'vitest';

import { samplesText, valueText } from './sampleTexts';

const histogram = { count: '3', sum: '1.5' };

describe('sampleTexts', () => {
  it('shows a native histogram by its count and sum', () => {
    expect(valueText({ metric: {}, histogram: [1, histogram] })).toBe('count 3, sum 1.5');
    expect(valueText({ metric: {}, value: [1, '7'] })).toBe('7');
  });

  it('puts numbers and native histograms of a series in the order of time', () => {
    const lines = samplesText({ metric: {}, values: [[20, '7']], histograms: [[10, histogram]] }).split('\n');
    expect(lines.map((line) => line.split(' @ ')[0])).toEqual(['count 3, sum 1.5', '7']);
  });
});
