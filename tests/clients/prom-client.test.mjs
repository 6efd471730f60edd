// An application that is measured by prom-client, scraped in OpenMetrics and in the text format.
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer } from 'node:http';
import { after, before, it } from 'node:test';

import { eventually, load, startPharos, withPharos } from './pharos.mjs';

/** Metrics of every kind, with what is hard to write in labels, help and values. */
function measure(promClient, contentType) {
  const register = new promClient.Registry();
  register.setContentType(contentType);
  const exemplars = contentType === promClient.openMetricsContentType;
  const common = { registers: [register], labelNames: ['kind'] };
  const orders = new promClient.Counter({
    ...common,
    name: 'shop_orders_total',
    help: 'Orders taken.',
    enableExemplars: exemplars,
  });
  const open = new promClient.Gauge({
    ...common,
    name: 'shop_open_orders',
    help: 'Open "now"\\ or\nnot.',
  });
  const seconds = new promClient.Histogram({
    ...common,
    name: 'shop_request_seconds',
    help: 'Time of a request.',
    buckets: [0.1, 0.5, 2.5],
    enableExemplars: exemplars,
  });
  const bytes = new promClient.Summary({
    ...common,
    name: 'shop_body_bytes',
    help: 'Sizes.',
    percentiles: [0.5, 0.99],
  });
  if (exemplars) {
    orders.inc({
      labels: { kind: 'book' },
      value: 3,
      exemplarLabels: { trace_id: 'a1', span_id: '7' },
    });
    seconds.observe({ labels: { kind: 'book' }, value: 0.3, exemplarLabels: { trace_id: 'b2' } });
    seconds.observe({
      labels: { kind: 'book' },
      value: 99,
      exemplarLabels: { trace_id: 'größe "x"' },
    });
  } else {
    orders.inc({ kind: 'book' }, 3);
    seconds.observe({ kind: 'book' }, 0.3);
    seconds.observe({ kind: 'book' }, 99);
  }
  open.set({ kind: 'line\nquote"back\\slash é' }, -1.5e-7);
  open.set({ kind: 'endless' }, Infinity);
  open.set({ kind: 'less' }, -Infinity);
  open.set({ kind: 'none' }, NaN);
  bytes.observe({ kind: 'book' }, 100);
  bytes.observe({ kind: 'book' }, 200);
  new promClient.Gauge({
    name: 'shop_never_set',
    help: 'Has no samples.',
    labelNames: ['kind'],
    registers: [register],
  });
  // What the process itself measures, the histogram of its garbage collections included.
  promClient.collectDefaultMetrics({ register });
  return register;
}

/** A number that the API, a label or prom-client has written. */
const number = (text) => ({ '+Inf': Infinity, '-Inf': -Infinity })[text] ?? Number(text);

/** One sample as a comparable text; bounds and quantiles by their value, not by how they are written. */
function sample(name, labels, value) {
  const pairs = Object.entries(labels)
    .map(([label, text]) => `${label}=${/^(le|quantile)$/.test(label) ? number(text) : text}`)
    .sort();
  return `${name} {${pairs}} ${number(value)}`;
}

/** Every sample that a register holds of the application's own metrics. */
async function samplesOf(register) {
  return (await register.getMetricsAsJSON())
    .filter(({ name }) => name.startsWith('shop_'))
    .flatMap(({ name, type, values }) => {
      // In OpenMetrics prom-client calls a counter by the name of its family.
      const own = type === 'counter' ? `${name.replace(/_total$/, '')}_total` : name;
      return values.map(({ value, labels, metricName }) =>
        sample(metricName ?? own, labels, value),
      );
    })
    .sort();
}

withPharos('an application with prom-client', () => {
  let application, pharos;
  const registers = {};
  // As each was scraped last: metrics of the process change with every look.
  const scraped = {};
  const types = {};

  before(async () => {
    const promClient = load('prom-client');
    registers['/openmetrics'] = measure(promClient, promClient.openMetricsContentType);
    registers['/text'] = measure(promClient, promClient.prometheusContentType);
    application = createServer(async (request, response) => {
      const register = registers[request.url];
      response.setHeader('Content-Type', register.contentType);
      scraped[request.url] = await register.metrics();
      types[request.url] = request.headers.accept;
      response.end(scraped[request.url]);
    }).listen(0, '127.0.0.1');
    await once(application, 'listening');
    const target = `127.0.0.1:${application.address().port}`;
    pharos = await startPharos(() => ({
      'prometheus.yml': `
global: {scrape_interval: 1s, scrape_timeout: 1s}
scrape_configs:
- {job_name: openmetrics, metrics_path: /openmetrics, static_configs: [{targets: ['${target}'], labels: {instance: app}}]}
- {job_name: text, metrics_path: /text, static_configs: [{targets: ['${target}'], labels: {instance: app}}]}
`,
    }));
    await eventually('both are scraped', async () => (await pharos.vector('up == 1')).length === 2);
  });
  after(async () => {
    await pharos?.stop();
    application?.close();
  });

  for (const job of ['openmetrics', 'text']) {
    it(`stores every sample of ${job}`, async () => {
      await eventually('as many samples as were shown', async () => {
        const shown = scraped[`/${job}`]
          .split('\n')
          .filter((line) => line !== '' && !line.startsWith('#'));
        const [counted] = await pharos.vector(`scrape_samples_scraped{job="${job}"}`);
        return Number(counted.value) === shown.length;
      });
      const stored = await pharos.vector(`{job="${job}", __name__=~"shop_.+"}`);
      assert.deepEqual(
        stored
          .map(({ metric: { __name__, job: _job, instance: _instance, ...labels }, value }) =>
            sample(__name__, labels, value),
          )
          .sort(),
        await samplesOf(registers[`/${job}`]),
      );
    });
  }

  it('is asked for OpenMetrics first', () => {
    assert.match(types['/openmetrics'], /^application\/openmetrics-text;version=1\.0\.0/);
  });

  it('keeps type, help and escapes of every family', async () => {
    const metadata = await pharos.api('/api/v1/metadata');
    const of = (name) => metadata[name]?.map(({ type, help, unit }) => [type, help, unit]);
    // OpenMetrics names a family of counters without the suffix of its samples.
    assert.deepEqual(of('shop_orders'), [['counter', 'Orders taken.', '']]);
    assert.deepEqual(of('shop_orders_total'), [['counter', 'Orders taken.', '']]);
    assert.deepEqual(of('shop_open_orders'), [['gauge', 'Open "now"\\ or\nnot.', '']]);
    assert.deepEqual(of('shop_request_seconds'), [['histogram', 'Time of a request.', '']]);
    assert.deepEqual(of('shop_body_bytes'), [['summary', 'Sizes.', '']]);
    assert.deepEqual(of('shop_never_set'), [['gauge', 'Has no samples.', '']]);
    const [target] = await pharos.api(
      `/api/v1/targets/metadata?${new URLSearchParams({ match_target: '{job="text"}', metric: 'shop_orders_total' })}`,
    );
    assert.deepEqual(target.target, { instance: 'app', job: 'text' });
  });

  it('writes one bound alike from both formats', async () => {
    const bounds = await pharos.vector('count by (le) (shop_request_seconds_bucket)');
    assert.deepEqual(bounds.map(({ metric, value }) => [metric.le, value]).sort(), [
      ['+Inf', '2'],
      ['0.1', '2'],
      ['0.5', '2'],
      ['2.5', '2'],
    ]);
    const quantile = await pharos.vector(
      'histogram_quantile(0.25, sum by (le, job) (shop_request_seconds_bucket{job="openmetrics"}))',
    );
    assert.equal(Number(quantile[0].value).toFixed(6), '0.300000');
  });

  it('keeps the exemplars', async () => {
    const found = await pharos.api(
      `/api/v1/query_exemplars?${new URLSearchParams({
        query: 'rate(shop_orders_total[5m]) + on () shop_request_seconds_bucket',
        start: String(Date.now() / 1000 - 3600),
        end: String(Date.now() / 1000 + 1),
      })}`,
    );
    const text = (value) => JSON.stringify(value);
    assert.deepEqual(
      found
        .map(({ seriesLabels, exemplars }) => [
          seriesLabels.__name__,
          seriesLabels.le,
          seriesLabels.job,
          exemplars.map(({ labels, value }) => [labels, value]),
        ])
        .sort((a, b) => text(a).localeCompare(text(b))),
      [
        ['shop_orders_total', undefined, 'openmetrics', [[{ span_id: '7', trace_id: 'a1' }, '3']]],
        ['shop_request_seconds_bucket', '+Inf', 'openmetrics', [[{ trace_id: 'größe "x"' }, '99']]],
        ['shop_request_seconds_bucket', '0.5', 'openmetrics', [[{ trace_id: 'b2' }, '0.3']]],
      ].sort((a, b) => text(a).localeCompare(text(b))),
    );
    for (const { exemplars } of found) {
      assert.ok(Math.abs(exemplars[0].timestamp - Date.now() / 1000) < 60, text(exemplars));
    }
  });

  it('ends a series that the application no longer shows', async () => {
    registers['/text'].getSingleMetric('shop_open_orders').remove('less');
    await eventually('the series ends', async () => {
      const left = await pharos.vector('shop_open_orders{kind="less"}');
      return left.length === 1 && left[0].metric.job === 'openmetrics';
    });
  });

  it('counts on', async () => {
    for (const [path, register] of Object.entries(registers)) {
      const counter = register.getSingleMetric('shop_orders_total');
      counter.inc(path === '/text' ? { kind: 'pen' } : { labels: { kind: 'pen' } });
    }
    await eventually(
      'the new series',
      async () => (await pharos.vector('shop_orders_total{kind="pen"} == 1')).length === 2,
    );
    const sum = await pharos.vector('sum by (job) (shop_orders_total)');
    assert.deepEqual(
      sum.map(({ value }) => value),
      ['4', '4'],
    );
  });
});
