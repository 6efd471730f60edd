import { formatDurationSec } from '../shared/time/duration';
import { formatDateTime } from '../shared/time/formatTime';

interface Scale {
  base: number;
  steps: string[];
}

const si: Scale = { base: 1000, steps: ['', ' K', ' Mil', ' Bil', ' Tri', ' Quadr'] };
const iec = (unit: string): Scale => ({
  base: 1024,
  steps: [unit, ...['Ki', 'Mi', 'Gi', 'Ti', 'Pi', 'Ei'].map((prefix) => prefix + unit)].map(
    (text) => ` ${text}`,
  ),
});
const metric = (unit: string): Scale => ({
  base: 1000,
  steps: [unit, ...['k', 'M', 'G', 'T', 'P', 'E'].map((prefix) => prefix + unit)].map((text) => ` ${text}`),
});

const scaled: Record<string, Scale> = {
  short: si,
  sishort: metric(''),
  bytes: iec('B'),
  decbytes: metric('B'),
  bits: iec('b'),
  decbits: metric('b'),
  binBps: iec('B/s'),
  Bps: metric('B/s'),
  binbps: iec('b/s'),
  bps: metric('b/s'),
  pps: metric('p/s'),
  hertz: metric('Hz'),
};

const perSecond: Record<string, string> = {
  ops: 'ops/s',
  reqps: 'req/s',
  rps: 'reads/s',
  wps: 'writes/s',
  iops: 'io/s',
  cps: 'c/s',
  mps: 'msg/s',
  eps: 'ev/s',
  errps: 'err/s',
  'rows/s': 'rows/s',
  opm: 'ops/min',
  cpm: 'c/min',
};

const secondsPer: Record<string, number> = {
  ns: 1e-9,
  µs: 1e-6,
  us: 1e-6,
  ms: 1e-3,
  s: 1,
  m: 60,
  h: 3600,
  d: 86400,
};

/**
 * A value as text in a Grafana unit. The server formats what it sends; this serves the axes, tooltips
 * and legends, whose values are only known here. An unknown unit is a plain suffix.
 */
export function formatValue(
  value: number | null | undefined,
  unit = 'none',
  decimals?: number | null,
): string {
  if (value === null || value === undefined || Number.isNaN(value)) {
    return '–';
  }
  if (!Number.isFinite(value)) {
    return value > 0 ? '+Inf' : '-Inf';
  }
  if (unit in scaled) {
    return withScale(value, scaled[unit], decimals);
  }
  if (unit in perSecond) {
    return `${withScale(value, si, decimals)} ${perSecond[unit]}`;
  }
  if (unit in secondsPer) {
    return duration(value * secondsPer[unit], decimals);
  }
  switch (unit) {
    case 'none':
    case 'string':
    case '':
      return plain(value, decimals);
    case 'percent':
      return `${plain(value, decimals)}%`;
    case 'percentunit':
      return `${plain(value * 100, decimals)}%`;
    case 'locale':
      return value.toLocaleString('en-US');
    case 'bool_yes_no':
      return value === 0 ? 'No' : 'Yes';
    case 'dtdurations':
    case 'dthms':
      return formatDurationSec(value);
    case 'dateTimeAsIso':
      return formatDateTime(value);
    case 'celsius':
      return `${plain(value, decimals)} °C`;
    default:
      return `${plain(value, decimals)} ${unit}`;
  }
}

function withScale(value: number, scale: Scale, decimals?: number | null): string {
  let step = 0;
  let rest = value;
  while (Math.abs(rest) >= scale.base && step < scale.steps.length - 1) {
    rest /= scale.base;
    step++;
  }
  return plain(rest, decimals) + scale.steps[step].trimEnd();
}

function duration(seconds: number, decimals?: number | null): string {
  const size = Math.abs(seconds);
  if (size === 0) {
    return '0 s';
  }
  if (size < 1e-6) {
    return `${plain(seconds * 1e9, decimals)} ns`;
  }
  if (size < 1e-3) {
    return `${plain(seconds * 1e6, decimals)} µs`;
  }
  if (size < 1) {
    return `${plain(seconds * 1e3, decimals)} ms`;
  }
  if (size < 120) {
    return `${plain(seconds, decimals)} s`;
  }
  if (size < 7200) {
    return `${plain(seconds / 60, decimals)} min`;
  }
  return size < 172_800 ? `${plain(seconds / 3600, decimals)} h` : `${plain(seconds / 86_400, decimals)} d`;
}

/** Enough digits to tell neighbours apart, never more than matter. */
function plain(value: number, decimals?: number | null): string {
  if (typeof decimals === 'number') {
    return value.toFixed(Math.min(Math.max(decimals, 0), 12));
  }
  const size = Math.abs(value);
  if (size === 0) {
    return '0';
  }
  if (size < 1e-4 || size >= 1e15) {
    return value.toExponential(2).replace(/\.?0+e/, 'e');
  }
  const digits = size >= 1000 ? 0 : size >= 100 ? 1 : size >= 1 ? 2 : 4;
  return String(Number(value.toFixed(digits)));
}
