import { agentAlertState } from './demo';
import type { Answer, MockRequest } from './plugin';
import { wave } from './wave';

const names = [
  'up',
  'progressive_http_requests_total',
  'progressive_http_request_duration_seconds_bucket',
  'progressive_active_users_total',
  'progressive_agent_requests_total',
  'progressive_agent_memory_usage_bytes',
];
const agents = ['mca', 'npa', 'wpa'];
const ok = (data: unknown): Answer => ({ json: { status: 'success', data } });
const ago = (seconds: number) => new Date(Date.now() - seconds * 1000).toISOString();

function target(pool: string, address: string, labels: Record<string, string>, down = false) {
  return {
    discoveredLabels: {
      __address__: address,
      __metrics_path__: '/metrics',
      __scheme__: 'http',
      job: pool,
      ...labels,
    },
    labels: { instance: address, job: pool, ...labels },
    scrapePool: pool,
    scrapeUrl: `http://${address}/metrics`,
    globalUrl: `http://${address}/metrics`,
    lastError: down ? `Get "http://${address}/metrics": context deadline exceeded` : '',
    lastScrape: ago(4),
    lastScrapeDuration: down ? 10 : 0.0042,
    health: down ? 'down' : 'up',
    scrapeInterval: '15s',
    scrapeTimeout: '10s',
  };
}

function targets() {
  const down = agentAlertState() !== 'inactive';
  return {
    activeTargets: [
      target('progressive-framework-v5', '127.0.0.1:8080', { environment: 'demo' }),
      ...agents.map((agent, i) =>
        target(
          'progressive-agents',
          `127.0.0.1:${8090 + i}`,
          { agent_type: agent, environment: 'demo' },
          down && agent === 'npa',
        ),
      ),
      target('postgres', '127.0.0.1:9187', { database: 'postgresql' }),
      target('redis', '127.0.0.1:9121', {}, true),
    ],
    droppedTargetCounts: { 'progressive-agents': 2 },
  };
}

function groups() {
  const state = agentAlertState();
  const rule = (name: string, query: string, more: object) => ({
    type: 'alerting',
    name,
    query,
    duration: 120,
    labels: { severity: 'critical', service: 'context-agents' },
    annotations: {
      summary: `${name}: look at it`,
      runbook_url: 'https://docs.your-domain.com/runbooks/agent',
    },
    alerts: [],
    state: 'inactive',
    health: 'ok',
    evaluationTime: 0.0007,
    lastEvaluation: ago(6),
    ...more,
  });
  const alert = {
    labels: { alertname: 'AgentUnresponsive', agent_type: 'npa' },
    annotations: {},
    activeAt: ago(30),
    value: '0e+00',
  };
  return [
    {
      name: 'critical-system',
      file: 'rules/progressive-framework-alerts.yml',
      interval: 15,
      evaluationTime: 0.0021,
      lastEvaluation: ago(6),
      rules: [
        rule('SystemDown', 'up{job="progressive-framework-v5"} == 0', {}),
        rule(
          'HighErrorRate',
          '(\n  rate(progressive_http_requests_total{status_code=~"5.."}[5m]) /\n  rate(progressive_http_requests_total[5m])\n) * 100 > 5',
          {},
        ),
        rule('Broken', 'histogram_quantile(0.95, nothing)', {
          health: 'err',
          lastError: 'vector cannot contain metrics with the same labelset',
        }),
      ],
    },
    {
      name: 'context-agents',
      file: 'rules/progressive-framework-alerts.yml',
      interval: 15,
      evaluationTime: 0.0012,
      lastEvaluation: ago(6),
      rules: [
        rule(
          'AgentUnresponsive',
          'up{job="progressive-agents"} == 0',
          state === 'inactive' ? {} : { state, alerts: [{ ...alert, state }] },
        ),
        {
          type: 'recording',
          name: 'job:errors:rate5m',
          query: 'sum by (job) (rate(errors_total[5m]))',
          health: 'ok',
          evaluationTime: 0.0004,
          lastEvaluation: ago(6),
        },
      ],
    },
  ];
}

function series(query: string) {
  const name = names.find((candidate) => query.includes(candidate)) ?? '';
  return agents.map((agent, i) => ({
    ...(/rate|sum|histogram/.test(query) ? {} : { __name__: name }),
    agent_type: agent,
    instance: `127.0.0.1:${8090 + i}`,
    job: 'progressive-agents',
  }));
}

function range(params: URLSearchParams): Answer {
  const query = params.get('query') ?? '';
  const [start, end, step] = ['start', 'end', 'step'].map((name) => Number(params.get(name)));
  const result = series(query).map((metric) => {
    const values: [number, string][] = [];
    for (let time = start; time <= end; time += step) {
      values.push([time, String(wave(query + metric.agent_type, time * 1000))]);
    }
    return { metric, values };
  });
  return ok({ resultType: 'matrix', result });
}

export function answerMetrics({ path, params }: MockRequest): Answer {
  const query = params.get('query') ?? '';
  if (query.split('(').length !== query.split(')').length) {
    return {
      status: 400,
      json: { status: 'error', errorType: 'bad_data', error: '1:5: parse error: unclosed left parenthesis' },
    };
  }
  switch (path) {
    case '/api/v1/query':
      return ok({
        resultType: 'vector',
        result: series(query).map((metric) => ({
          metric,
          value: [Date.now() / 1000, String(wave(query + metric.agent_type, Date.now()))],
        })),
      });
    case '/api/v1/query_range':
      return range(params);
    case '/api/v1/format_query':
      return ok(query.replace(/\s+/g, ' ').replace(/\s*([+*/])\s*/g, ' $1 '));
    case '/api/v1/rules':
      return ok({ groups: groups() });
    case '/api/v1/targets':
      return ok(targets());
    case '/api/v1/label/__name__/values':
      return ok(names);
    case '/api/v1/labels':
      return ok(['__name__', 'agent_type', 'instance', 'job']);
    case '/api/v1/metadata':
      return ok(
        Object.fromEntries(
          names.map((name) => [
            name,
            [{ type: name.endsWith('total') ? 'counter' : 'gauge', help: `About ${name}.`, unit: '' }],
          ]),
        ),
      );
    case '/api/v1/series':
      return ok(series('up'));
    case '/api/v1/status/buildinfo':
      return ok({
        version: '0.1.0',
        revision: 'abc1234',
        branch: 'main',
        buildDate: '20260318-12:00:00',
        goVersion: '',
      });
    case '/api/v1/status/runtimeinfo':
      return ok({
        startTime: ago(4000),
        CWD: '/srv/pharos',
        reloadConfigSuccess: true,
        lastConfigTime: ago(4000),
        corruptionCount: 0,
        GOMAXPROCS: 2,
        storageRetention: '15d',
      });
    case '/api/v1/status/tsdb':
      return ok({
        headStats: {
          numSeries: 1284,
          numLabelPairs: 402,
          chunkCount: 1290,
          minTime: Date.now() - 7.2e6,
          maxTime: Date.now(),
        },
        seriesCountByMetricName: names.map((name, i) => ({ name, value: 90 - i * 11 })),
        labelValueCountByLabelName: [
          { name: 'le', value: 24 },
          { name: '__name__', value: 180 },
        ],
        seriesCountByLabelValuePair: [{ name: 'job=progressive-agents', value: 340 }],
      });
    case '/api/v1/status/flags':
      return ok({
        'config.file': 'prometheus.yml',
        'storage.tsdb.retention.time': '15d',
        'web.listen-address': '127.0.0.1:9090',
      });
    case '/api/v1/status/config':
      return ok({
        yaml: 'global:\n  scrape_interval: 15s\nscrape_configs:\n- job_name: progressive-framework-v5\n  static_configs:\n  - targets:\n    - 127.0.0.1:8080\n',
      });
    default:
      return path.startsWith('/api/v1/label/') ? ok(agents) : undefined;
  }
}
