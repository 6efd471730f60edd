import type { KialiEdge, KialiGraph, KialiNode } from '../../../api/serviceMap';

export type Health = 'healthy' | 'degraded' | 'failing' | 'idle';

export interface MapService {
  id: string;
  name: string;
  namespace: string;
  kind: string;
  health: Health;
  /** Requests per second that come in, and how many of a hundred fail. */
  rate: number;
  errorPercent: number;
}

export interface MapCall {
  id: string;
  source: string;
  target: string;
  protocol: string;
  /** Per second: requests, of TCP bytes. */
  rate: number;
  errorPercent: number;
  /** Milliseconds. */
  p50: number | null;
  p95: number | null;
  p99: number | null;
  health: Health;
}

export interface ServiceGraph {
  services: MapService[];
  calls: MapCall[];
}

const rank: Record<Health, number> = { idle: 0, healthy: 1, degraded: 2, failing: 3 };

/** Reads Kiali's model: rates are texts under the protocol's name, responses in groups behind it. */
export function serviceGraph(graph: KialiGraph): ServiceGraph {
  const calls = (graph.elements.edges ?? []).map(({ data }) => callOf(data));
  const services = (graph.elements.nodes ?? [])
    .map(({ data }) => data)
    .filter((node) => !node.isBox && node.nodeType !== 'box')
    .map((node) => serviceOf(node, calls));
  const known = new Map(services.map(({ id, kind }) => [id, kind]));
  return {
    services,
    calls: calls
      .filter(({ source, target }) => known.has(source) && known.has(target))
      // Spans say that it is a database and not what it speaks; Kiali's model has no word for it.
      .map((call) => (known.get(call.target) === 'database' ? { ...call, protocol: 'database' } : call)),
  };
}

function serviceOf(node: KialiNode, calls: MapCall[]): MapService {
  const incoming = calls.filter(({ target, protocol }) => target === node.id && protocol !== 'tcp');
  const rate = incoming.reduce((sum, call) => sum + call.rate, 0);
  const failed = incoming.reduce((sum, call) => sum + (call.rate * call.errorPercent) / 100, 0);
  const worst = incoming.reduce<Health>(
    (health, call) => (rank[call.health] > rank[health] ? call.health : health),
    'idle',
  );
  return {
    id: node.id,
    name: node.service || node.app || node.workload || node.id,
    namespace: node.namespace && node.namespace !== 'unknown' ? node.namespace : '',
    kind: node.kind || node.nodeType,
    health: healthOf(node.health ?? node.healthData, node.color) ?? worst,
    rate,
    errorPercent: rate > 0 ? (100 * failed) / rate : 0,
  };
}

function callOf(edge: KialiEdge): MapCall {
  const protocol = edge.traffic?.protocol ?? 'http';
  const rates = edge.traffic?.rates ?? {};
  const number = (value: string | number | undefined) => {
    const read = Number(value);
    return value === undefined || value === '' || Number.isNaN(read) ? null : read;
  };
  const rate = number(rates[protocol]) ?? 0;
  const failed = ['5xx', '4xx', 'Err', 'NoResponse'].reduce(
    (sum, group) => sum + (number(rates[protocol + group]) ?? 0),
    0,
  );
  const errorPercent = number(rates[`${protocol}PercentErr`]) ?? (rate > 0 ? (100 * failed) / rate : 0);
  const times = edge.latencies ?? {};
  const time = (name: string) => number(times[name]);
  return {
    id: edge.id,
    source: edge.source,
    target: edge.target,
    protocol,
    rate,
    errorPercent,
    p50: time('p50'),
    p95: time('p95') ?? number(edge.responseTime),
    p99: time('p99'),
    health: healthOf(edge.health, edge.color) ?? byTolerance(rate, errorPercent),
  };
}

/** Kiali's tolerance: any failure degrades, from a tenth on it fails. */
function byTolerance(rate: number, errorPercent: number): Health {
  return rate <= 0 ? 'idle' : errorPercent >= 10 ? 'failing' : errorPercent > 0 ? 'degraded' : 'healthy';
}

function healthOf(health: KialiNode['health'], color: string | undefined): Health | null {
  const text = (typeof health === 'string' ? health : (health?.status ?? color ?? '')).toLowerCase();
  if (/fail|red/.test(text)) {
    return 'failing';
  }
  if (/degrad|orange|amber/.test(text)) {
    return 'degraded';
  }
  if (/healthy|green/.test(text)) {
    return 'healthy';
  }
  return /^na$|idle|grey|gray/.test(text) ? 'idle' : null;
}

/** How much a call counts beside others: requests per second; of bytes, as Kiali has it, twenty are like a request. */
export const weightOf = ({ protocol, rate }: MapCall) => (protocol === 'tcp' ? rate / 20 : rate);

export const nameOf = (graph: ServiceGraph, id: string) =>
  graph.services.find((service) => service.id === id)?.name ?? id;

/** What a text finds, with its neighbours; everything where nothing is asked. */
export function around(graph: ServiceGraph, text: string): ServiceGraph {
  const wanted = text.trim().toLowerCase();
  if (wanted === '') {
    return graph;
  }
  const found = new Set(
    graph.services.filter(({ name }) => name.toLowerCase().includes(wanted)).map(({ id }) => id),
  );
  const calls = graph.calls.filter(({ source, target }) => found.has(source) || found.has(target));
  const shown = new Set([...found, ...calls.flatMap(({ source, target }) => [source, target])]);
  return { services: graph.services.filter(({ id }) => shown.has(id)), calls };
}
