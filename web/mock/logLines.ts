import type { Labels } from '../src/api/prometheus';

export interface MockLine {
  timeMs: number;
  timeNs: string;
  line: string;
  stream: Labels;
  metadata: Labels;
}

const esc = '\u001b';
const routes = ['/api/plans', '/api/users', '/api/agents/mca', '/login', '/api/search'];
const spacingMs = 350;

/** One line for each moment, always the same one: what is asked for twice is answered alike. */
export function lineAt(slot: number): MockLine {
  const random = (salt: number) => {
    const x = Math.sin(slot * 12.9898 + salt * 78.233) * 43758.5453;
    return x - Math.floor(x);
  };
  const pick = <T>(list: T[], salt: number): T => list[Math.floor(random(salt) * list.length)];
  const timeMs = slot * spacingMs;
  const storm = Math.floor(timeMs / 600_000) % 5 === 0 ? 0.15 : 0;
  const chance = random(1);
  const level =
    chance < 0.03 + storm ? 'error' : chance < 0.12 + storm ? 'warn' : chance < 0.3 ? 'debug' : 'info';
  const trace = Array.from({ length: 4 }, (_, i) =>
    Math.floor(random(10 + i) * 0xffffffff)
      .toString(16)
      .padStart(8, '0'),
  ).join('');
  const ms = (5 + random(3) * 400).toFixed(1);
  const stream = (service: string): Labels => ({
    service_name: service,
    job: service,
    namespace: 'shop',
    pod: `${service}-${Math.floor(random(4) * 3)}`,
    filename: `/var/log/shop/${service}.log`,
  });
  const base = { timeMs, timeNs: `${timeMs}${String(Math.floor(random(5) * 1e6)).padStart(6, '0')}` };
  switch (slot % 3) {
    case 0:
      return {
        ...base,
        stream: stream('web-api'),
        metadata: { detected_level: level, trace_id: trace },
        line: JSON.stringify({
          level,
          msg: level === 'error' ? 'request failed: upstream timed out' : 'request served',
          method: pick(['GET', 'POST', 'PUT'], 6),
          path: pick(routes, 7),
          status: level === 'error' ? 502 : 200,
          duration_ms: Number(ms),
          user: { id: Math.floor(random(8) * 500), plan: pick(['free', 'pro'], 9) },
        }),
      };
    case 1:
      return {
        ...base,
        stream: stream('agents'),
        metadata: { detected_level: level },
        line: `level=${level} ts=${new Date(timeMs).toISOString()} msg="agent ${pick(['mca', 'npa', 'wpa'], 6)} answered" took=${ms}ms tokens=${Math.floor(random(7) * 4000)}`,
      };
    default: {
      const color = level === 'error' ? '1;31' : level === 'warn' ? '33' : level === 'debug' ? '36' : '32';
      return {
        ...base,
        stream: stream('scheduler'),
        metadata: { detected_level: level },
        line: `${esc}[${color}m${level.toUpperCase()}${esc}[0m job ${esc}[1m#${slot}${esc}[0m ${pick(['finished', 'started', 'was put back into the queue'], 6)} after ${ms} ms on worker ${Math.floor(random(7) * 8)}`,
      };
    }
  }
}

const matcher = /(\w+)\s*(=~|!~|!=|=)\s*(?:"((?:[^"\\]|\\.)*)"|`([^`]*)`)/g;

/** A predicate of the parts of LogQL that the mock knows: matchers, line filters and equality of fields. */
export function filterOf(query: string): (line: MockLine) => boolean {
  const open = query.indexOf('{');
  const close = query.indexOf('}', open);
  const tests: ((line: MockLine) => boolean)[] = [];
  const compare = (actual: string, op: string, wanted: string) => {
    const equal = op.endsWith('~') ? new RegExp(`^(?:${wanted})$`).test(actual) : actual === wanted;
    return op.startsWith('!') ? !equal : equal;
  };
  for (const [, name, op, quoted, raw] of query.slice(open, close).matchAll(matcher)) {
    tests.push(({ stream }) => compare(stream[name] ?? '', op, raw ?? (JSON.parse(`"${quoted}"`) as string)));
  }
  const rest = query.slice(close + 1);
  for (const [, op, quoted, raw] of rest.matchAll(
    /(?<!\w\s?)(\|=|\|~|\|>|!=|!~|!>)\s*(?:"((?:[^"\\]|\\.)*)"|`([^`]*)`)/g,
  )) {
    const text = raw ?? (JSON.parse(`"${quoted}"`) as string);
    const source = op.endsWith('>')
      ? text.split('<_>').map(escape).join('.+')
      : op.endsWith('~')
        ? text.replace('(?i)', '')
        : escape(text);
    const pattern = new RegExp(source, text.startsWith('(?i)') ? 'i' : '');
    tests.push(({ line }) => pattern.test(line) !== op.startsWith('!'));
  }
  for (const [, name, op, quoted, raw] of rest.matchAll(new RegExp(`\\|\\s*${matcher.source}`, 'g'))) {
    if (!name.startsWith('__')) {
      tests.push((line) => compare(fieldOf(line, name), op, raw ?? quoted));
    }
  }
  return (line) => tests.every((test) => test(line));
}

const escape = (text: string) => text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');

export function fieldOf({ line, stream, metadata }: MockLine, name: string): string {
  const known = metadata[name] ?? stream[name];
  if (known !== undefined) {
    return known;
  }
  const json = line.startsWith('{') ? (JSON.parse(line) as Record<string, unknown>)[name] : undefined;
  return json === undefined ? (new RegExp(`\\b${name}=("?)([^" ]*)\\1`).exec(line)?.[2] ?? '') : String(json);
}

/** The lines of a range that fit, the oldest first or the newest. */
export function* linesBetween(
  fromMs: number,
  toMs: number,
  query: string,
  backward: boolean,
): Generator<MockLine> {
  const fits = filterOf(query);
  const first = Math.ceil(fromMs / spacingMs);
  const last = Math.floor(toMs / spacingMs);
  for (let i = 0; i <= last - first; i++) {
    const line = lineAt(backward ? last - i : first + i);
    if (fits(line)) {
      yield line;
    }
  }
}
