import type {
  ComparedNode,
  FlameNode,
  SpanGroup,
  Timeline,
  TraceSpan,
  TraceSummary,
} from '../src/api/traces';
import type { Answer, MockRequest } from './plugin';

interface MadeSpan {
  parent: number;
  depth: number;
  service: string;
  operation: string;
  kind: number;
  start: number;
  duration: number;
  error: boolean;
}

const calls: Record<string, [string, string, number][]> = {
  'web-api': [
    ['mca', 'agent.plan', 3],
    ['postgres', 'SELECT orders', 3],
  ],
  mca: [
    ['npa', 'agent.negotiate', 3],
    ['wpa', 'agent.execute', 3],
  ],
  npa: [['postgres', 'SELECT prices', 3]],
  wpa: [
    ['redis', 'GET session', 3],
    ['postgres', 'INSERT job', 3],
  ],
};
const hugeId = 'ffffffffffffffffffffffffffffffff';
const hugeSpans = 100_000;

/** The same numbers for the same seed, so that a trace stays as it is while it is looked at. */
function random(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 32;
  };
}

function makeTrace(id: string): MadeSpan[] {
  const next = random(parseInt(id.slice(-8), 16) + 1);
  const spans: MadeSpan[] = [];
  const most = id === hugeId ? hugeSpans : 400;
  const add = (
    parent: number,
    depth: number,
    service: string,
    operation: string,
    kind: number,
    start: number,
    duration: number,
  ) => {
    const at = spans.length;
    const error = service === 'postgres' && next() < 0.05;
    spans.push({ parent, depth, service, operation, kind, start, duration, error });
    let from = start + duration * 0.06;
    for (const [callee, name, calleeKind] of calls[service] ?? []) {
      const repeat = id === hugeId ? 12 : 1 + Math.floor(next() * 2);
      for (let i = 0; i < repeat && spans.length < most; i++) {
        const length = duration * (0.08 + next() * 0.22) * (id === hugeId ? 0.3 : 1);
        add(at, depth + 1, callee, name, calleeKind, Math.round(from), Math.round(length));
        from = Math.min(from + length * (0.4 + next() * 0.7), start + duration * 0.8);
      }
    }
  };
  const whole = Math.round((20 + next() * 400) * 1e6 * (next() < 0.1 ? 6 : 1));
  if (id === hugeId) {
    while (spans.length < most) {
      add(-1, 0, 'web-api', 'POST /batch', 2, spans.length * 20_000, whole);
    }
  } else {
    add(-1, 0, 'web-api', next() < 0.5 ? 'GET /orders' : 'POST /checkout', 2, 0, whole);
  }
  return spans;
}

function timelineOf(id: string): Timeline {
  const spans = makeTrace(id);
  const services = [...new Set(spans.map(({ service }) => service))];
  const operations = [...new Set(spans.map(({ operation }) => operation))];
  const descendants = spans.map(() => 0);
  const children = spans.map(() => 0);
  for (let i = spans.length - 1; i >= 0; i--) {
    const { parent } = spans[i];
    if (parent >= 0) {
      children[parent]++;
      descendants[parent] += descendants[i] + 1;
    }
  }
  const criticalPath = [0, 0, spans[0].duration * 0.06];
  for (let i = 0; i + 1 < spans.length && i < 3; i++) {
    criticalPath.push(i + 1, spans[i + 1].start, spans[i + 1].start + spans[i + 1].duration);
  }
  return {
    traceId: id,
    startNs: `${Date.now() - 400_000}000000`,
    durationNs: spans.reduce((end, { start, duration }) => Math.max(end, start + duration), 0),
    spans: spans.length,
    errors: spans.filter(({ error }) => error).length,
    leftOut: 0,
    services,
    operations,
    rows: {
      id: spans.map((_, i) => (i + 1).toString(16).padStart(16, '0')),
      depth: spans.map(({ depth }) => depth),
      children,
      descendants,
      start: spans.map(({ start }) => start),
      duration: spans.map(({ duration }) => duration),
      service: spans.map(({ service }) => services.indexOf(service)),
      operation: spans.map(({ operation }) => operations.indexOf(operation)),
      kind: spans.map(({ kind }) => kind),
      error: spans.map(({ error }) => (error ? 1 : 0)),
    },
    events: spans.flatMap(({ error, start, duration }, i) => (error ? [i, start + duration / 2] : [])),
    orphans: [],
    criticalPath,
  };
}

const ids = Array.from({ length: 60 }, (_, i) =>
  (i * 2654435761 + 97).toString(16).padStart(32, '0').slice(-32),
);

function summaries(): TraceSummary[] {
  return [...ids, hugeId].map((id, i) => {
    const spans = id === hugeId ? makeTrace(ids[0]) : makeTrace(id);
    const services = [...new Set(spans.map(({ service }) => service))];
    return {
      traceId: id,
      rootService: spans[0].service,
      rootName: spans[0].operation,
      startNs: `${Date.now() - i * 55_000}000000`,
      durationNs: spans[0].duration,
      spans: id === hugeId ? hugeSpans : spans.length,
      errors: spans.filter(({ error }) => error).length,
      orphans: i === 7 ? 2 : 0,
      services: services.map((name) => ({
        name,
        spans: spans.filter(({ service }) => service === name).length,
        errors: 0,
      })),
    };
  });
}

function spanOf(id: string, row: number): TraceSpan {
  const span = makeTrace(id)[row];
  return {
    traceId: id,
    spanId: (row + 1).toString(16).padStart(16, '0'),
    service: span.service,
    operation: span.operation,
    kind: 'client',
    status: span.error ? 'error' : 'unset',
    statusMessage: span.error ? 'deadlock detected' : '',
    startNs: `${Date.now() - 400_000}000000`,
    relativeStartNs: span.start,
    durationNs: span.duration,
    selfNs: Math.round(span.duration / 3),
    traceState: '',
    flags: 1,
    orphan: false,
    attributes: [
      { key: 'db.system', type: 'text', value: 'postgresql' },
      {
        key: 'db.statement',
        type: 'text',
        value: 'SELECT * FROM orders WHERE customer = $1 ORDER BY created DESC',
      },
      { key: 'http.response.status_code', type: 'int', value: '200' },
    ],
    droppedAttributes: 0,
    resource: [
      { key: 'service.name', type: 'text', value: span.service },
      { key: 'service.version', type: 'text', value: '5.0.0' },
    ],
    scope: { name: 'progressive.tracing', version: '5', attributes: [] },
    events: span.error
      ? [
          {
            timeNs: '0',
            relativeNs: span.duration / 2,
            name: 'exception',
            attributes: [{ key: 'exception.type', type: 'text', value: 'DeadlockException' }],
          },
        ]
      : [],
    droppedEvents: 0,
    links: [],
    droppedLinks: 0,
  };
}

function groupsOf(id: string, by: string, then: string): SpanGroup[] {
  const group = (spans: MadeSpan[], name: string, inner: string): SpanGroup => ({
    name,
    spans: spans.length,
    errors: spans.filter(({ error }) => error).length,
    totalNs: spans.reduce((sum, { duration }) => sum + duration, 0),
    averageNs: spans.reduce((sum, { duration }) => sum + duration, 0) / spans.length,
    minNs: Math.min(...spans.map(({ duration }) => duration)),
    maxNs: Math.max(...spans.map(({ duration }) => duration)),
    selfTotalNs: spans.reduce((sum, { duration }) => sum + duration / 3, 0),
    selfAverageNs: 1e6,
    selfMinNs: 1e5,
    selfMaxNs: 3e6,
    parts: inner === '' ? [] : parts(spans, inner, ''),
  });
  const parts = (spans: MadeSpan[], key: string, inner: string): SpanGroup[] => {
    const of = (span: MadeSpan) =>
      key === 'service' ? span.service : key === 'operation' ? span.operation : '';
    return [...new Set(spans.map(of))].map((name) =>
      group(
        spans.filter((span) => of(span) === name),
        name,
        inner,
      ),
    );
  };
  return parts(makeTrace(id).slice(0, 2000), by, then);
}

function flameOf(id: string): FlameNode[] {
  return makeTrace(id)
    .slice(0, 300)
    .map((span) => ({
      service: span.service,
      operation: span.operation,
      parent: span.parent,
      depth: span.depth,
      spans: 1,
      errors: span.error ? 1 : 0,
      durationNs: span.duration,
      selfNs: span.duration / 3,
      weightNs: span.duration,
    }));
}

function comparedOf(a: string, b: string): ComparedNode[] {
  const [one, other] = [makeTrace(a), makeTrace(b)];
  return one.map((span, i) => ({
    service: span.service,
    operation: span.operation,
    parent: span.parent,
    depth: span.depth,
    spansA: i % 9 === 4 ? 0 : 1,
    spansB: i % 7 === 3 ? 0 : 1 + (i % 3),
    errorsA: span.error ? 1 : 0,
    errorsB: 0,
    durationA: span.duration,
    durationB: other[i % other.length].duration,
  }));
}

const mapOf = (): unknown => {
  const edges = Object.entries(calls).flatMap(([source, list]) =>
    list.map(([target], i) => ({
      data: {
        id: `${source}-${target}`,
        source,
        target,
        traffic: {
          protocol: 'http',
          rates: {
            http: String(3 + i * 4),
            ...(target === 'postgres' ? { httpPercentErr: source === 'wpa' ? '14' : '2.5' } : {}),
          },
        },
        latencies: { p50: 12, p95: 48.5, p99: 100 + i * 900 },
      },
    })),
  );
  const names = [...new Set(edges.flatMap(({ data }) => [data.source, data.target]))];
  return {
    timestamp: Date.now() / 1000,
    duration: 600,
    elements: {
      nodes: names.map((service) => ({ data: { id: service, nodeType: 'service', service } })),
      edges,
    },
  };
};

/** Traces of a made-up shop; one of them has a hundred thousand spans. */
export function answerTraces({ path, params }: MockRequest): Answer {
  if (path === '/api/pharos/service-map') {
    return { json: mapOf() };
  }
  if (!path.startsWith('/api/pharos/traces')) {
    return undefined;
  }
  const [id = '', part = '', spanId = ''] = path.split('/').slice(4);
  const rows = () => timelineOf(id).rows;
  const answers: Record<string, () => unknown> = {
    '': () => (id === '' ? { traces: summaries(), whole: true } : timelineOf(id)),
    find: () => ({ rows: [...rows().id.keys()].filter((row) => row % 5 === 2) }),
    spans: () => spanOf(id, parseInt(spanId, 16) - 1),
    statistics: () => ({ groups: groupsOf(id, params.get('by') ?? '', params.get('then') ?? '') }),
    flame: () => ({ nodes: flameOf(id) }),
    compare: () => ({
      a: sideOf(id),
      b: sideOf(params.get('with') ?? ''),
      nodes: comparedOf(id, params.get('with') ?? ''),
    }),
    values: () => ({ values: ['200', '404', '500'] }),
  };
  const lists: Record<string, unknown> = {
    services: { services: [...Object.keys(calls), 'postgres', 'redis'] },
    operations: { operations: [{ name: 'GET /orders', kind: 'server' }] },
    attributes: { keys: ['db.system', 'http.response.status_code', 'http.route'] },
  };
  const json = part === '' && id in lists ? lists[id] : answers[part]?.();
  return json === undefined ? { status: 404, json: { error: `the mock does not know ${path}` } } : { json };
}

function sideOf(id: string) {
  const { traceId, startNs, durationNs, spans } = timelineOf(id);
  return { traceId, service: 'web-api', operation: 'GET /orders', startNs, durationNs, spans };
}
