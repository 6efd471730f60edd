// Applications that OpenTelemetry traces: their spans come in each of the protocol's forms, and are found again as they were.
import assert from 'node:assert/strict';
import { after, before, it } from 'node:test';

import { eventually, load, startPharos, withPharos } from './pharos.mjs';

withPharos('an application with traces of OpenTelemetry', () => {
  const forms = ['json', 'protobuf', 'grpc'];
  const traces = {};
  const stops = [];
  let pharos;

  before(async () => {
    pharos = await startPharos(() => ({ 'prometheus.yml': 'scrape_configs: []\n' }));
    stops.push(pharos.stop);
    const exporters = {
      json: new (load('@opentelemetry/exporter-trace-otlp-http').OTLPTraceExporter)({
        url: `${pharos.url}/v1/traces`,
      }),
      protobuf: new (load('@opentelemetry/exporter-trace-otlp-proto').OTLPTraceExporter)({
        url: `${pharos.url}/v1/traces`,
        compression: 'gzip',
      }),
      grpc: new (load('@opentelemetry/exporter-trace-otlp-grpc').OTLPTraceExporter)({
        url: pharos.url,
      }),
    };
    for (const form of forms) {
      traces[form] = await trace(form, exporters[form]);
    }
  });
  after(async () => {
    for (const stop of stops.reverse()) {
      await stop();
    }
  });

  /** Makes a small trace, sends it, and gives its id. */
  async function trace(name, exporter) {
    const { BasicTracerProvider, BatchSpanProcessor } = load('@opentelemetry/sdk-trace-base');
    const { resourceFromAttributes } = load('@opentelemetry/resources');
    const { SpanKind, SpanStatusCode, context, trace: api } = load('@opentelemetry/api');
    const provider = new BasicTracerProvider({
      resource: resourceFromAttributes({ 'service.name': name, 'host.cpus': 4 }),
      spanProcessors: [new BatchSpanProcessor(exporter)],
    });
    const tracer = provider.getTracer('tests', '1.2.3');
    const root = tracer.startSpan('GET /größe', {
      kind: SpanKind.SERVER,
      startTime: [1_700_000_000, 123_456_789],
      attributes: {
        text: 'größe "x"',
        int: 42,
        double: 1.5,
        bool: true,
        list: ['a', 'b'],
        numbers: [1, 2.5],
      },
    });
    const child = tracer.startSpan(
      'SELECT',
      {
        kind: SpanKind.CLIENT,
        startTime: [1_700_000_000, 200_000_000],
        links: [{ context: root.spanContext(), attributes: { why: 'test' } }],
      },
      api.setSpan(context.active(), root),
    );
    child.addEvent('retry', { attempt: 2 }, [1_700_000_000, 250_000_000]);
    child.setStatus({ code: SpanStatusCode.ERROR, message: 'no such table' });
    child.end([1_700_000_000, 300_000_000]);
    root.end([1_700_000_001, 0]);
    await provider.forceFlush();
    await provider.shutdown();
    return {
      id: root.spanContext().traceId,
      root: root.spanContext().spanId,
      child: child.spanContext().spanId,
    };
  }

  /** The spans of a trace by their names, with the resource that they stand below. */
  async function found(id) {
    const response = await fetch(`${pharos.url}/api/v3/traces/${id}`);
    if (!response.ok) {
      return undefined;
    }
    const { result } = await response.json();
    const spans = {};
    for (const { resource, scopeSpans } of result.resourceSpans) {
      for (const { scope, spans: list } of scopeSpans) {
        for (const span of list) {
          spans[span.name] = { ...span, resource, scope };
        }
      }
    }
    return spans;
  }

  const values = (attributes) => Object.fromEntries(attributes.map(({ key, value }) => [key, value]));

  for (const form of forms) {
    it(`is found again as it was sent: ${form}`, async (test) => {
      const unknown = await fetch(`${pharos.url}/api/v3/services`);
      if (unknown.status === 404) {
        test.skip('this build does not answer /api/v3');
        return;
      }
      const { id, root, child } = traces[form];
      const spans = await eventually('the trace', () => found(id));
      const server = spans['GET /größe'];
      assert.equal(server.spanId, root);
      assert.equal(server.kind, 2);
      assert.equal(server.startTimeUnixNano, '1700000000123456789');
      assert.equal(server.endTimeUnixNano, '1700000001000000000');
      assert.deepEqual(values(server.attributes), {
        text: { stringValue: 'größe "x"' },
        int: { intValue: '42' },
        double: { doubleValue: 1.5 },
        bool: { boolValue: true },
        list: { arrayValue: { values: [{ stringValue: 'a' }, { stringValue: 'b' }] } },
        numbers: { arrayValue: { values: [{ intValue: '1' }, { doubleValue: 2.5 }] } },
      });
      assert.deepEqual(values(server.resource.attributes), {
        'service.name': { stringValue: form },
        'host.cpus': { intValue: '4' },
      });
      assert.equal(server.scope.name, 'tests');
      assert.equal(server.scope.version, '1.2.3');
      const client = spans.SELECT;
      assert.equal(client.spanId, child);
      assert.equal(client.parentSpanId, root);
      assert.equal(client.kind, 3);
      assert.deepEqual(client.status, { message: 'no such table', code: 2 });
      assert.equal(client.events.length, 1);
      assert.equal(client.events[0].name, 'retry');
      assert.equal(client.events[0].timeUnixNano, '1700000000250000000');
      assert.deepEqual(values(client.events[0].attributes), { attempt: { intValue: '2' } });
      assert.equal(client.links.length, 1);
      assert.equal(client.links[0].spanId, root);
      assert.deepEqual(values(client.links[0].attributes), { why: { stringValue: 'test' } });
    });
  }
});
