// Tracers that speak to Jaeger and Zipkin in the protocols of their time: what an application says of its spans comes back equal.
import assert from 'node:assert/strict';
import { after, before, it } from 'node:test';

import { eventually, freePort, startPharos } from './pharos.mjs';
import { load, spansOf, withTracers } from './tracers/tracers.mjs';

// The spans are of this moment.
const around = { endTs: 1_700_000_001_000, lookback: 3_600_000 };

withTracers('applications with older tracers', () => {
  let pharos, collector, zipkin, binary;

  before(async () => {
    [collector, zipkin, binary] = [await freePort(), await freePort(), await freePort()];
    pharos = await startPharos(
      () => ({ 'prometheus.yml': '' }),
      [
        `--collector.http-server.host-port=127.0.0.1:${collector}`,
        `--collector.zipkin.host-port=127.0.0.1:${zipkin}`,
        `--processor.jaeger-binary.server-host-port=127.0.0.1:${binary}`,
      ],
    );
  });
  after(() => pharos?.stop());

  const reporters = {
    'over UDP': () => ({ agentHost: '127.0.0.1', agentPort: binary }),
    'over HTTP': () => ({ collectorEndpoint: `http://127.0.0.1:${collector}/api/traces` }),
  };
  for (const [way, reporter] of Object.entries(reporters)) {
    it(`takes the spans of jaeger-client ${way}`, async () => {
      const { initTracer, opentracing } = load('jaeger-client');
      const service = `jaeger-client ${way}`;
      const tracer = initTracer(
        { serviceName: service, sampler: { type: 'const', param: 1 }, reporter: { flushIntervalMs: 50, ...reporter() } },
        { tags: { region: 'eu', cores: 4 } },
      );
      const root = tracer.startSpan('größe', { startTime: 1_700_000_000_000, tags: { 'span.kind': 'server', rows: 3, hot: true, 'http.url': '/a' } });
      const child = tracer.startSpan('child', { childOf: root, startTime: 1_700_000_000_100 });
      child.log({ event: 'retry', attempt: 2 }, 1_700_000_000_150);
      child.setTag(opentracing.Tags.ERROR, true);
      child.finish(1_700_000_000_200);
      const after = tracer.startSpan('after', {
        startTime: 1_700_000_000_300,
        references: [opentracing.followsFrom(child.context())],
      });
      after.finish(1_700_000_000_301);
      root.finish(1_700_000_000_500);
      await new Promise((resolve) => tracer.close(resolve));

      const spans = await eventually('the spans', () => spansOf(pharos, { serviceName: service, ...around }, 3));
      const [first, second, third] = spans;
      const id = (span) => span.context().toSpanId().padStart(16, '0');
      assert.deepEqual(spans.map((span) => span.id), [root, child, after].map(id));
      assert.deepEqual(spans.map(({ name }) => name), ['größe', 'child', 'after']);
      assert.deepEqual([first.timestamp, first.duration, first.kind], [1_700_000_000_000_000, 500_000, 'SERVER']);
      const { 'jaeger.version': version, hostname: _host, ip: _ip, 'client-uuid': _uuid, ...tags } = first.tags;
      assert.match(version, /^Node-/);
      assert.deepEqual(tags, {
        'sampler.type': 'const',
        'sampler.param': 'true',
        rows: '3',
        hot: 'true',
        'http.url': '/a',
        region: 'eu',
        cores: '4',
      });
      assert.deepEqual([second.parentId, second.tags.error], [first.id, 'true']);
      assert.deepEqual(second.annotations, [{ timestamp: 1_700_000_000_150_000, value: 'retry' }]);
      assert.equal(third.parentId, second.id);
      assert.equal(first.localEndpoint.serviceName, service);
    });
  }

  const exporters = {
    jaeger: () => new (load('@opentelemetry/exporter-jaeger').JaegerExporter)({ host: '127.0.0.1', port: binary }),
    zipkin: () => new (load('@opentelemetry/exporter-zipkin').ZipkinExporter)({ url: `http://127.0.0.1:${zipkin}/api/v2/spans` }),
  };

  for (const [name, exporter] of Object.entries(exporters)) {
    it(`takes the spans of OpenTelemetry's exporter for ${name}`, async () => {
      const { BasicTracerProvider, SimpleSpanProcessor } = load('@opentelemetry/sdk-trace-base');
      const { Resource } = load('@opentelemetry/resources');
      const { context, SpanKind, SpanStatusCode, trace } = load('@opentelemetry/api');
      const service = `exporter-${name}`;
      const provider = new BasicTracerProvider({
        resource: new Resource({ 'service.name': service, 'service.version': '1.2' }),
      });
      provider.addSpanProcessor(new SimpleSpanProcessor(exporter()));
      const tracer = provider.getTracer('walk', '0.1');
      const root = tracer.startSpan('root', { kind: SpanKind.SERVER, startTime: 1_700_000_000_000, attributes: { text: 'größe', rows: 3, load: 0.5, hot: true } });
      const child = tracer.startSpan(
        'child',
        { kind: SpanKind.CLIENT, startTime: 1_700_000_000_100 },
        trace.setSpan(context.active(), root),
      );
      child.addEvent('retry', { attempt: 2 }, 1_700_000_000_150);
      child.setStatus({ code: SpanStatusCode.ERROR, message: 'no disk' });
      child.end(1_700_000_000_200);
      root.end(1_700_000_000_500);
      await provider.shutdown();

      const [first, second] = await eventually('the spans', () => spansOf(pharos, { serviceName: service, ...around }, 2));
      const { traceId, spanId } = root.spanContext();
      assert.deepEqual([first.traceId, second.traceId], [traceId, traceId]);
      assert.deepEqual([first.id, second.id, second.parentId], [spanId, child.spanContext().spanId, spanId]);
      assert.deepEqual([first.name, first.kind, first.timestamp, first.duration], ['root', 'SERVER', 1_700_000_000_000_000, 500_000]);
      assert.deepEqual([second.name, second.kind, second.timestamp, second.duration], ['child', 'CLIENT', 1_700_000_000_100_000, 100_000]);
      const { text, rows, load: weight, hot, 'service.version': version } = first.tags;
      assert.deepEqual([text, rows, weight, hot, version], ['größe', '3', '0.5', 'true', '1.2']);
      assert.equal(second.tags.error, 'no disk');
      assert.deepEqual(second.annotations, [{ timestamp: 1_700_000_000_150_000, value: 'retry' }]);
    });
  }
});
