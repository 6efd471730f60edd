// The requests of Grafana's Prometheus data source, in the order in which it sends them, and what its readers insist on in the
// answers. Its server asks by POST with a form, times in seconds; lists that only GET serves have their parameters in the path.
import assert from 'node:assert/strict';
import { after, before, it } from 'node:test';

import { eventually, startPharos, withPharos } from './pharos.mjs';

const isObject = (value) => typeof value === 'object' && value !== null && !Array.isArray(value);
const allTexts = (list) => Array.isArray(list) && list.every((item) => typeof item === 'string');

/** Time as a number and value as a text. */
function assertPair(pair) {
  assert.equal(pair.length, 2);
  assert.equal(typeof pair[0], 'number');
  assert.equal(typeof pair[1], 'string');
}

/** Time, and a histogram whose numbers are texts but for the kind of each bucket's bounds. */
function assertHistogramPair([time, histogram]) {
  assert.equal(typeof time, 'number');
  assert.ok(typeof histogram.count === 'string' && typeof histogram.sum === 'string');
  for (const [kind, lower, upper, count] of histogram.buckets) {
    assert.ok([0, 1, 2, 3].includes(kind));
    assert.ok(allTexts([lower, upper, count]));
    assert.ok(Number(lower) < Number(upper));
  }
}

function assertLabels(labels) {
  assert.ok(isObject(labels) && allTexts(Object.values(labels)), JSON.stringify(labels));
}

withPharos('a data source of Grafana', () => {
  let pharos, start, end;

  before(async () => {
    pharos = await startPharos((address) => ({
      'prometheus.yml': `
global: {scrape_interval: 1s, scrape_timeout: 1s, evaluation_interval: 500ms}
rule_files: [rules.yml]
scrape_configs:
- {job_name: self, static_configs: [{targets: ['${address}'], labels: {instance: one}}]}
`,
      'rules.yml': `
groups:
- name: walk
  rules:
  - {record: 'job:up:sum', expr: sum by (job) (up), labels: {kind: recorded}}
  - {alert: Up, expr: up == 1, labels: {severity: page}, annotations: {summary: 'up {{ $value }}'}}
`,
    }));
    await pushHistogram(pharos.url);
    await eventually('scraped and evaluated', async () => {
      return (await pharos.vector('ALERTS and on () job:up:sum')).length === 1;
    });
    // A rate needs two scrapes.
    await eventually('scraped twice', async () => {
      return (await pharos.vector('count_over_time(process_cpu_seconds_total[1m]) > 1')).length === 1;
    });
    end = Math.ceil(Date.now() / 1000);
    start = end - 3600;
  });
  after(() => pharos?.stop());

  /** Two points of one exponential histogram with an exemplar, by OTLP. */
  async function pushHistogram(url) {
    const now = BigInt(Date.now()) * 1_000_000n;
    const point = (time, counts, traceId) => ({
      attributes: [{ key: 'route', value: { stringValue: '/a' } }],
      startTimeUnixNano: String(now - 120_000_000_000n),
      timeUnixNano: String(time),
      count: String(counts.reduce((sum, count) => sum + count, 1)),
      sum: 12.5,
      scale: 2,
      zeroCount: '1',
      positive: { offset: -3, bucketCounts: counts.map(String) },
      exemplars: [
        { timeUnixNano: String(time), asDouble: 0.9, traceId, spanId: '00f067aa0ba902b7' },
      ],
    });
    const trace = '4bf92f3577b34da6a3ce929d0e0e4736';
    const response = await fetch(`${url}/v1/metrics`, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json' },
      body: JSON.stringify({
        resourceMetrics: [
          {
            resource: { attributes: [{ key: 'service.name', value: { stringValue: 'shop' } }] },
            scopeMetrics: [
              {
                metrics: [
                  {
                    name: 'walk.duration',
                    unit: 's',
                    description: 'Time of a walk.',
                    exponentialHistogram: {
                      aggregationTemporality: 2,
                      dataPoints: [
                        point(now - 60_000_000_000n, [1, 0, 2], trace),
                        point(now, [2, 1, 4], trace),
                      ],
                    },
                  },
                ],
              },
            ],
          },
        ],
      }),
    });
    assert.equal(response.status, 200, await response.text());
  }

  /** By POST with a form, compressed, as the data source's server asks. */
  async function post(path, parameters, status = 200) {
    const response = await fetch(pharos.url + path, {
      method: 'POST',
      headers: {
        'Content-Type': 'application/x-www-form-urlencoded',
        'Accept-Encoding': 'gzip',
        'User-Agent': 'Grafana/12.1.0',
        'X-Grafana-Org-Id': '1',
      },
      body: new URLSearchParams(parameters).toString(),
    });
    const answer = await response.json();
    assert.equal(response.status, status, JSON.stringify(answer));
    assert.match(response.headers.get('Content-Type'), /^application\/json/);
    return answer;
  }

  async function get(path, parameters = {}) {
    const query = new URLSearchParams(parameters).toString();
    return pharos.api(query === '' ? path : `${path}?${query}`);
  }

  it('saves and tests', async () => {
    assert.deepEqual(await post('/api/v1/query', { query: '1+1', time: '4' }), {
      status: 'success',
      data: { resultType: 'scalar', result: [4, '2'] },
    });
    const build = await get('/api/v1/status/buildinfo');
    assert.ok(
      allTexts([
        build.version,
        build.revision,
        build.branch,
        build.buildUser,
        build.buildDate,
        build.goVersion,
      ]),
    );
    assert.match(build.version, /^\d+\.\d+\.\d+/);
    // With features it would be taken for Mimir.
    assert.equal(build.features, undefined);
  });

  it('looks at rules and for exemplars at its start', async () => {
    const { groups } = await get('/api/v1/rules');
    assert.equal(groups[0].name, 'walk');
    for (const field of ['file', 'interval', 'evaluationTime', 'lastEvaluation', 'limit']) {
      assert.ok(field in groups[0], field);
    }
    const [record, alert] = groups[0].rules;
    assert.deepEqual(
      [record.type, record.name, record.query, record.health, record.labels],
      ['recording', 'job:up:sum', 'sum by (job) (up)', 'ok', { kind: 'recorded' }],
    );
    assert.deepEqual(
      [alert.type, alert.name, alert.state, alert.duration],
      ['alerting', 'Up', 'firing', 0],
    );
    const [active] = alert.alerts;
    assertLabels(active.labels);
    assert.deepEqual(active.annotations, { summary: 'up 1' });
    assert.ok(
      active.state === 'firing' &&
        Number(active.value) === 1 &&
        !Number.isNaN(Date.parse(active.activeAt)),
    );
    assert.deepEqual(await get('/api/v1/query_exemplars', { query: 'test', start, end }), []);
  });

  it('fills its lists', async () => {
    const names = await get('/api/v1/label/__name__/values', { start, end, limit: 40_000 });
    assert.ok(allTexts(names) && names.includes('process_open_fds'));
    assert.deepEqual(names, [...names].sort());
    assert.equal((await get('/api/v1/label/__name__/values', { start, end, limit: 3 })).length, 3);

    const labels = (await post('/api/v1/labels', { start, end, limit: '40000' })).data;
    assert.ok(allTexts(labels) && labels.includes('handler'));
    assert.deepEqual((await post('/api/v1/labels', { 'match[]': 'up{}', start, end })).data, [
      '__name__',
      'instance',
      'job',
    ]);
    assert.deepEqual(
      await get('/api/v1/label/job/values', { 'match[]': '{__name__="up"}', start, end }),
      ['self'],
    );
    assert.deepEqual(
      await get('/api/v1/label/job/values', {
        'match[]': '{__name__=~"walk_.+", route!="/b"}',
        start,
        end,
      }),
      ['shop'],
    );
    assert.deepEqual(await get('/api/v1/label/U__service_2e_name/values', { start, end }), []);

    const { data: series } = await post('/api/v1/series', {
      'match[]': 'up',
      start,
      end,
      limit: '10',
    });
    assert.deepEqual(series, [{ __name__: 'up', instance: 'one', job: 'self' }]);

    const metadata = await get('/api/v1/metadata', { limit: 40_000 });
    assert.deepEqual(Object.keys(metadata.process_open_fds[0]).sort(), ['help', 'type', 'unit']);
    assert.equal(metadata.walk_duration_seconds[0].type, 'histogram');
    assert.equal(Object.keys(await get('/api/v1/metadata', { limit: 2 })).length, 2);
    const { data: nothing } = await post('/api/v1/series', {
      'match[]': 'up',
      start: start - 7200,
      end: start - 3600,
    });
    assert.deepEqual(nothing, []);
  });

  it('draws a panel', async () => {
    const { data, warnings } = await post('/api/v1/query_range', {
      query: 'sum by (job) (rate(process_cpu_seconds_total[1m]))',
      start: String(end - 900),
      end: String(end),
      step: '0.5',
      timeout: '60s',
    });
    assert.equal(warnings, undefined);
    assert.equal(data.resultType, 'matrix');
    for (const { metric, values } of data.result) {
      assertLabels(metric);
      values.forEach(assertPair);
    }
    assert.equal(data.result.length, 1);
    const { data: none } = await post('/api/v1/query_range', {
      query: 'no_such_metric',
      start,
      end,
      step: '15',
    });
    assert.deepEqual(none, { resultType: 'matrix', result: [] });
  });

  it('draws a table, a heatmap of native histograms and their exemplars', async () => {
    const { data } = await post('/api/v1/query', { query: 'up', time: String(end + 0.123) });
    assert.deepEqual(data.result[0].metric, { __name__: 'up', instance: 'one', job: 'self' });
    assertPair(data.result[0].value);
    assert.equal(data.result[0].value[0], end + 0.123);

    const instant = await post('/api/v1/query', { query: 'walk_duration_seconds' });
    assertHistogramPair(instant.data.result[0].histogram);
    assert.equal(instant.data.result[0].histogram[1].count, '8');
    const range = await post('/api/v1/query_range', {
      query: 'walk_duration_seconds',
      start: String(end - 120),
      end: String(end),
      step: '15',
    });
    assert.equal(range.data.result[0].values, undefined);
    range.data.result[0].histograms.forEach(assertHistogramPair);
    const quantile = await post('/api/v1/query', {
      query: 'histogram_quantile(0.5, walk_duration_seconds)',
    });
    assert.ok(Number(quantile.data.result[0].value[1]) > 0);

    const exemplars = (
      await post('/api/v1/query_exemplars', {
        query: 'rate(walk_duration_seconds[5m])',
        start,
        end,
      })
    ).data;
    assert.equal(exemplars[0].seriesLabels.route, '/a');
    for (const { labels, value, timestamp } of exemplars[0].exemplars) {
      assert.equal(labels.trace_id, '4bf92f3577b34da6a3ce929d0e0e4736');
      assert.equal(value, '0.9');
      assert.equal(typeof timestamp, 'number');
    }
    const text = await post('/api/v1/query', { query: '"text"' });
    assert.equal(text.data.resultType, 'string');
    assertPair(text.data.result);
  });

  it('fills variables', async () => {
    const { data } = await post('/api/v1/query', {
      query: 'count by (job) (up)',
      time: String(end),
    });
    assert.deepEqual(
      data.result.map(({ metric, value }) => [metric, value[1]]),
      [[{ job: 'self' }, '1']],
    );
    const series = await get('/api/v1/series', { 'match[]': 'up{job=~"self|other"}', start, end });
    assert.equal(series.length, 1);
  });

  it('shows what is wrong and what is worth a warning', async () => {
    const wrong = await post('/api/v1/query', { query: 'sum(' }, 400);
    assert.equal(wrong.status, 'error');
    assert.equal(wrong.errorType, 'bad_data');
    assert.match(wrong.error, /1:5: parse error: unclosed left parenthesis/);
    const many = await post('/api/v1/query', { query: 'up * on () {job="self"}' }, 422);
    assert.equal(many.errorType, 'execution');
    const points = await post(
      '/api/v1/query_range',
      { query: 'up', start: '0', end: String(end), step: '1' },
      400,
    );
    assert.match(points.error, /exceeded maximum resolution of 11,000 points per timeseries/);
    const info = await post('/api/v1/query', { query: 'rate(process_open_fds[5m])' });
    assert.match(info.infos[0], /metric might not be a counter/);
    const warning = await post('/api/v1/query', { query: 'quantile(2, up)' });
    assert.match(warning.warnings[0], /quantile value should be between 0 and 1/);
  });

  it('explains and formats a query', async () => {
    const { data } = await post('/api/v1/format_query', { query: 'sum(rate(up[5m]))by(job)' });
    assert.equal(data, 'sum by (job) (rate(up[5m]))');
    const tree = (await post('/api/v1/parse_query', { query: 'up' })).data;
    assert.equal(tree.type, 'vectorSelector');
    const { stats } = (await post('/api/v1/query', { query: 'up', stats: 'all' })).data;
    assert.ok(stats.samples.totalQueryableSamples >= 1 && 'evalTotalTime' in stats.timings);
  });

  it('lists rules page by page, by type and by name', async () => {
    assert.deepEqual(
      (await get('/api/v1/rules', { type: 'alert' })).groups[0].rules.map(({ name }) => name),
      ['Up'],
    );
    assert.deepEqual(
      (await get('/api/v1/rules', { 'rule_name[]': 'job:up:sum' })).groups[0].rules.map(
        ({ name }) => name,
      ),
      ['job:up:sum'],
    );
    assert.deepEqual((await get('/api/v1/rules', { 'rule_group[]': 'other' })).groups, []);
    const page = await get('/api/v1/rules', { group_limit: 1 });
    assert.equal(page.groups.length, 1);
    const { alerts } = await get('/api/v1/alerts');
    assert.equal(alerts[0].labels.alertname, 'Up');
  });

  it('is an Alertmanager, too', async () => {
    const json = async (path) => (await fetch(pharos.url + path)).json();
    const status = await json('/api/v2/status');
    assert.ok(isObject(status.config) && isObject(status.versionInfo) && isObject(status.cluster));
    const groups = await json('/api/v2/alerts/groups?silenced=false&inhibited=false');
    assert.ok(Array.isArray(groups));
    assert.deepEqual(await json('/api/v2/silences'), []);
    assert.ok(Array.isArray(await json('/api/v2/receivers')));
  });
});
