// Applications that are measured by OpenTelemetry: they push in each of the protocol's forms, or are scraped.
import assert from 'node:assert/strict';
import { after, before, it } from 'node:test';

import { eventually, freePort, load, startPharos, withPharos } from './pharos.mjs';

withPharos('an application with OpenTelemetry', () => {
  const stops = [];
  let pharos;

  before(async () => {
    const { PrometheusExporter } = load('@opentelemetry/exporter-prometheus');
    const port = await freePort();
    const scraped = new PrometheusExporter({ host: '127.0.0.1', port, preventServerStart: true });
    await scraped.startServer();
    pharos = await startPharos(() => ({
      'prometheus.yml': `
global: {scrape_interval: 1s, scrape_timeout: 1s}
scrape_configs:
- {job_name: scraped, static_configs: [{targets: ['127.0.0.1:${port}'], labels: {instance: app}}]}
`,
    }));
    stops.push(pharos.stop);
    const exporters = {
      json: new (load('@opentelemetry/exporter-metrics-otlp-http').OTLPMetricExporter)({
        url: `${pharos.url}/v1/metrics`,
      }),
      protobuf: new (load('@opentelemetry/exporter-metrics-otlp-proto').OTLPMetricExporter)({
        url: `${pharos.url}/v1/metrics`,
        compression: 'gzip',
      }),
      grpc: new (load('@opentelemetry/exporter-metrics-otlp-grpc').OTLPMetricExporter)({
        url: pharos.url,
      }),
    };
    const { PeriodicExportingMetricReader } = load('@opentelemetry/sdk-metrics');
    measure('scraped', scraped);
    for (const [form, exporter] of Object.entries(exporters)) {
      measure(
        form,
        new PeriodicExportingMetricReader({
          exporter,
          exportIntervalMillis: 400,
          exportTimeoutMillis: 400,
        }),
      );
    }
  });
  after(async () => {
    for (const stop of stops.reverse()) {
      await stop();
    }
  });

  function measure(name, reader) {
    const { AggregationType, MeterProvider } = load('@opentelemetry/sdk-metrics');
    const { resourceFromAttributes } = load('@opentelemetry/resources');
    const provider = new MeterProvider({
      resource: resourceFromAttributes({
        'service.name': name,
        'service.instance.id': 'app',
        'deployment.environment': 'test',
      }),
      readers: [reader],
      views: [
        {
          instrumentName: 'walk.duration',
          aggregation: { type: AggregationType.EXPONENTIAL_HISTOGRAM },
        },
      ],
    });
    stops.push(() => provider.shutdown());
    const meter = provider.getMeter('tests');
    meter
      .createCounter('http.requests', { unit: '1', description: 'Requests.' })
      .add(3, { 'http.method': 'GET', cached: true });
    const seconds = meter.createHistogram('http.duration', {
      unit: 's',
      advice: { explicitBucketBoundaries: [0.1, 1] },
    });
    seconds.record(0.25);
    seconds.record(5);
    meter.createUpDownCounter('queue.length', { unit: '{items}' }).add(-2);
    meter
      .createObservableGauge('room.temperature', { unit: 'Cel' })
      .addCallback((result) => result.observe(21.5, { room: 'größe "x"' }));
    if (name !== 'scraped') {
      // The text format has no histograms without bounds.
      const walks = meter.createHistogram('walk.duration', { unit: 'ms' });
      walks.record(10);
      walks.record(40);
    }
  }

  const forms = ['grpc', 'json', 'protobuf'];

  /** What a query finds of each form, once all have arrived; the scraped application, which has the same, does not count. */
  const ofAll = (query) =>
    eventually(query, async () => {
      const pushed = (await pharos.vector(query)).filter(({ metric }) => metric.job !== 'scraped');
      return pushed.length >= forms.length && pushed;
    });

  it('pushes every kind of metric, named as Prometheus names them', async () => {
    for (const [query, value, labels] of [
      ['http_requests_total', '3', { http_method: 'GET', cached: 'true' }],
      ['http_duration_seconds_count', '2', {}],
      ['http_duration_seconds_sum', '5.25', {}],
      ['http_duration_seconds_bucket{le="1"}', '1', { le: '1' }],
      ['queue_length', '-2', {}],
      ['room_temperature_celsius', '21.5', { room: 'größe "x"' }],
      ['target_info', '1', { deployment_environment: 'test' }],
      ['histogram_count(walk_duration_milliseconds)', '2', {}],
      ['histogram_sum(walk_duration_milliseconds)', '50', {}],
    ]) {
      const found = await ofAll(`sort_by_label(${query}, "job")`);
      assert.deepEqual(
        found.map(({ metric: { __name__: _name, ...rest }, value: is }) => [rest, is]),
        forms.map((job) => [{ ...labels, job, instance: 'app' }, value]),
        query,
      );
    }
  });

  it('tells type, unit and help', async () => {
    const metadata = await pharos.api('/api/v1/metadata');
    assert.deepEqual(metadata.walk_duration_milliseconds, [
      { type: 'histogram', unit: 'milliseconds', help: '' },
    ]);
    assert.equal(metadata.http_requests_total[0].type, 'counter');
    assert.equal(metadata.http_requests_total[0].help, 'Requests.');
  });

  it('joins what the application is to what it measures', async () => {
    const joined = await ofAll(
      'sum by (job, deployment_environment) (http_requests_total{job!="scraped"} * on (job, instance) group_left (deployment_environment) target_info)',
    );
    assert.deepEqual(
      joined.map(({ metric }) => metric.deployment_environment),
      ['test', 'test', 'test'],
    );
  });

  it('is scraped', async () => {
    const [sample] = await eventually('the scrape', async () => {
      const found = await pharos.vector('http_requests_total{job="scraped"}');
      return found.length > 0 && found;
    });
    assert.equal(sample.value, '3');
    assert.equal(sample.metric.http_method, 'GET');
    const [bucket] = await pharos.vector('http_duration_bucket{job="scraped", le="1.0"}');
    assert.equal(bucket.value, '1');
  });
});
