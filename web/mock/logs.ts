import { fieldOf, linesBetween, type MockLine } from './logLines';
import type { Answer, MockRequest } from './plugin';

const ok = (data: unknown): Answer => ({ json: { status: 'success', data } });
const msOf = (text: string | null, fallback: number) =>
  text === null ? fallback : text.length > 14 ? Number(text.slice(0, -6)) : Number(text) * 1000;

/** Loki's read API and Pharos' own answers about logs, over made-up lines. */
export function answerLogs({ path, params }: MockRequest): Answer {
  const now = Date.now();
  const toMs = Math.min(now, msOf(params.get('end'), now));
  const fromMs = Math.max(toMs - 6 * 3_600_000, msOf(params.get('start'), toMs - 3_600_000));
  const query = params.get('query') ?? '{job=~".+"}';
  const lines = () => linesBetween(fromMs, toMs, query, true);
  switch (path) {
    case '/loki/api/v1/query_range':
    case '/loki/api/v1/query':
      if (!/\{.*\}/s.test(query)) {
        return { status: 400, json: 'parse error at line 1, col 2: syntax error: unexpected IDENTIFIER' };
      }
      return query.trim().startsWith('{')
        ? streams(fromMs, toMs, query, params)
        : counts(fromMs, toMs, query, Number(params.get('step') ?? 0));
    case '/loki/api/v1/labels':
      return ok(['filename', 'job', 'namespace', 'pod', 'service_name']);
    case '/loki/api/v1/index/volume': {
      const label = params.get('targetLabels') ?? 'service_name';
      const bytes = tally(lines(), (line) => [line.stream[label], line.line.length]);
      return ok({
        resultType: 'vector',
        result: bytes.map(([value, size]) => ({
          metric: { [label]: value },
          value: [toMs / 1000, String(size)],
        })),
      });
    }
    case '/loki/api/v1/patterns':
      return { json: { status: 'success', data: patterns(lines()) } };
    case '/loki/api/v1/detected_fields':
      return { json: { fields: detectedFields(lines()), limit: 1000 } };
    case '/loki/api/v1/format_query':
      return ok(query.replace(/\s*\|\s*/g, '\n  | ').replace(/\n {2}\| ([=~>])/g, ' |$1'));
    case '/api/pharos/logs/context':
      return context(query, params);
    case '/api/pharos/logs/rejected':
      return { json: rejected(now) };
  }
  const values = /^\/loki\/api\/v1\/label\/(\w+)\/values$/.exec(path)?.[1];
  return values
    ? ok(
        tally(lines(), ({ stream }) => [stream[values], 1])
          .map(([value]) => value)
          .sort(),
      )
    : undefined;
}

function tally(lines: Iterable<MockLine>, of: (line: MockLine) => [string, number]): [string, number][] {
  const sums = new Map<string, number>();
  for (const line of lines) {
    const [name, amount] = of(line);
    sums.set(name, (sums.get(name) ?? 0) + amount);
  }
  return [...sums].sort((a, b) => b[1] - a[1]);
}

function streams(fromMs: number, toMs: number, query: string, params: URLSearchParams): Answer {
  const backward = params.get('direction') !== 'forward';
  const limit = Number(params.get('limit') ?? 100);
  const start = params.get('start') ?? '';
  const end = params.get('end') ?? '9';
  const found = new Map<string, { stream: unknown; values: unknown[] }>();
  let count = 0;
  let bytes = 0;
  for (const line of linesBetween(fromMs - 400, toMs + 400, query, backward)) {
    bytes += line.line.length;
    if (line.timeNs >= end || line.timeNs < start) {
      continue;
    }
    const key = JSON.stringify(line.stream);
    const stream = found.get(key) ?? { stream: line.stream, values: [] };
    found.set(key, stream);
    stream.values.push([line.timeNs, line.line, { structuredMetadata: line.metadata }]);
    if (++count >= limit) {
      break;
    }
  }
  const stats = { summary: { totalBytesProcessed: bytes, totalLinesProcessed: count, execTime: 0.004 } };
  return ok({
    resultType: 'streams',
    encodingFlags: ['categorize-labels'],
    result: [...found.values()],
    stats,
  });
}

function counts(fromMs: number, toMs: number, query: string, stepSec: number): Answer {
  const inner = /\{[^]*\}[^[]*/.exec(query)?.[0] ?? '{}';
  const label = /by\s*\(\s*(\w+)/.exec(query)?.[1] ?? 'service_name';
  const series = new Map<string, Map<number, number>>();
  const step = stepSec || (toMs - fromMs) / 1000;
  for (const line of linesBetween(fromMs, toMs, inner, false)) {
    const end = Math.ceil(line.timeMs / 1000 / step) * step;
    const name = fieldOf(line, label);
    const values = series.get(name) ?? new Map<number, number>();
    series.set(name, values);
    values.set(end, (values.get(end) ?? 0) + 1);
  }
  return stepSec === 0
    ? ok({
        resultType: 'vector',
        result: [...series].map(([name, values]) => ({
          metric: { [label]: name },
          value: [toMs / 1000, String([...values.values()].reduce((sum, n) => sum + n, 0))],
        })),
      })
    : ok({
        resultType: 'matrix',
        result: [...series].map(([name, values]) => ({
          metric: { [label]: name },
          values: [...values].map(([time, count]) => [time, String(count)]),
        })),
      });
}

function patterns(lines: Iterable<MockLine>) {
  const found = new Map<string, { pattern: string; level: string; samples: Map<number, number> }>();
  for (const { line, metadata, timeMs } of lines) {
    const pattern = line.replace(/\d[\w.:-]*/g, '<_>').replace(/\/api\/[a-z/]+|\/login/g, '<_>');
    const entry = found.get(pattern) ?? { pattern, level: metadata.detected_level, samples: new Map() };
    found.set(pattern, entry);
    const slot = Math.floor(timeMs / 10_000) * 10;
    entry.samples.set(slot, (entry.samples.get(slot) ?? 0) + 1);
  }
  return [...found.values()].map((entry) => ({ ...entry, samples: [...entry.samples] }));
}

function detectedFields(lines: Iterable<MockLine>) {
  const names: [string, string, string[] | null][] = [
    ['method', 'string', ['json']],
    ['path', 'string', ['json']],
    ['status', 'int', ['json']],
    ['duration_ms', 'float', ['json']],
    ['took', 'duration', ['logfmt']],
    ['tokens', 'int', ['logfmt']],
    ['trace_id', 'string', null],
    ['detected_level', 'string', null],
  ];
  const some = [...lines].slice(0, 1000);
  return names.map(([label, type, parsers]) => ({
    label,
    type,
    parsers,
    cardinality: new Set(some.map((line) => fieldOf(line, label)).filter((value) => value !== '')).size,
  }));
}

function context(selector: string, params: URLSearchParams): Answer {
  const time = params.get('time') ?? '0';
  const ms = Number(time.slice(0, -6));
  const wanted = (name: string) => Number(params.get(name) ?? 20);
  const take = (backward: boolean, limit: number) => {
    const found: MockLine[] = [];
    const range: [number, number] = backward
      ? [ms - 3_600_000, ms + 1]
      : [ms - 1, Math.min(Date.now(), ms + 3_600_000)];
    for (const line of linesBetween(...range, selector, backward)) {
      if (line.timeNs < time === backward && found.push(line) > limit) {
        break;
      }
    }
    return found;
  };
  const shape = (line: MockLine) => ({
    timeNs: line.timeNs,
    line: line.line,
    labels: line.stream,
    structuredMetadata: line.metadata,
  });
  const before = take(true, wanted('before'));
  const after = take(false, wanted('after'));
  return {
    json: {
      before: before.slice(0, wanted('before')).reverse().map(shape),
      after: after.slice(0, wanted('after')).map(shape),
      moreBefore: before.length > wanted('before'),
      moreAfter: after.length > wanted('after'),
    },
  };
}

function rejected(now: number) {
  const at = (seconds: number) => new Date(now - seconds * 1000).toISOString();
  return {
    since: at(7200),
    reasons: [
      {
        reason: 'line_too_long',
        message:
          "max entry size '262144' bytes exceeded for stream '{job=\"import\"}' while adding an entry with length '1048712' bytes",
        lines: 14,
        bytes: 14_681_968,
        lastAt: at(40),
        last: [
          { at: at(40), tenant: 'fake', stream: '{job="import"}', line: `${'x'.repeat(200)}…`, message: '' },
        ],
      },
      {
        reason: 'greater_than_max_sample_age',
        message:
          'entry for stream \'{job="backfill"}\' has timestamp too old: 2026-01-02T03:04:05Z, oldest acceptable timestamp is: 2026-03-11T10:00:00Z',
        lines: 2311,
        bytes: 403_112,
        lastAt: at(600),
        last: [
          { at: at(600), tenant: 'fake', stream: '{job="backfill"}', line: 'old news', message: '' },
          { at: at(601), tenant: 'fake', stream: '{job="backfill"}', line: 'older news', message: '' },
        ],
      },
    ],
  };
}
