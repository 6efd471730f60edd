import type { MatrixElement, SampleHistogram, VectorElement } from '../../api/prometheus';
import { formatClock } from '../../shared/time/formatTime';

function histogramText({ count, sum }: SampleHistogram): string {
  return `count ${count}, sum ${sum}`;
}

/** A number, or the count and sum of a native histogram. */
export function valueText(element: VectorElement): string {
  return element.value?.[1] ?? (element.histogram ? histogramText(element.histogram[1]) : '');
}

/** Numbers and native histograms of one series, in the order of time. */
export function samplesText({ values = [], histograms = [] }: MatrixElement): string {
  const histogramTexts = histograms.map(([timeSec, value]): [number, string] => [
    timeSec,
    histogramText(value),
  ]);
  return [...values, ...histogramTexts]
    .sort(([left], [right]) => left - right)
    .map(([timeSec, text]) => `${text} @ ${formatClock(timeSec * 1000)}`)
    .join('\n');
}
