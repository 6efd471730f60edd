// Applications that log: pino by its transport for Loki, and OpenTelemetry in each form of its protocol.
import assert from 'node:assert/strict';
import { after, before, it } from 'node:test';

import { eventually, load, startPharos, withPharos } from './pharos.mjs';

withPharos('an application that logs', () => {
  let pharos;

  before(async () => {
    pharos = await startPharos(() => ({ 'prometheus.yml': '' }));
  });
  after(() => pharos?.stop());

  /** The streams of a query, by Loki's API. */
  async function streams(query) {
    const parameters = new URLSearchParams({ query, limit: '1000' });
    const { result } = await pharos.api(`/loki/api/v1/query_range?${parameters}`);
    return result;
  }

  it('pushes with pino', async () => {
    const pino = load('pino');
    const transport = pino.transport({
      target: 'pino-loki',
      options: { host: pharos.url, batching: false, labels: { application: 'shop' }, silenceErrors: false },
    });
    const logger = pino({ level: 'debug' }, transport);
    logger.info({ item: 7 }, 'bought');
    logger.error({ err: { type: 'Timeout' } }, 'failed');
    const found = await eventually('both lines', async () => {
      const result = await streams('{application="shop"}');
      return result.flatMap((stream) => stream.values).length === 2 && result;
    });
    const levels = found.map((stream) => stream.stream.detected_level).sort();
    assert.deepEqual(levels, ['error', 'info']);
    assert.equal(found[0].stream.service_name, 'shop');
    const bought = await streams('{application="shop"} | json | item=7');
    assert.equal(bought.length, 1);
    transport.end();
  });

  for (const [form, name, options] of [
    ['JSON', '@opentelemetry/exporter-logs-otlp-http', () => ({ url: `${pharos.url}/v1/logs` })],
    [
      'protobuf, packed, to the path of Loki',
      '@opentelemetry/exporter-logs-otlp-proto',
      () => ({ url: `${pharos.url}/otlp/v1/logs`, compression: 'gzip' }),
    ],
    ['gRPC', '@opentelemetry/exporter-logs-otlp-grpc', () => ({ url: pharos.url })],
  ]) {
    it(`sends by OTLP: ${form}`, async () => {
      const { LoggerProvider, BatchLogRecordProcessor } = load('@opentelemetry/sdk-logs');
      const { resourceFromAttributes } = load('@opentelemetry/resources');
      const { SeverityNumber } = load('@opentelemetry/api-logs');
      const { OTLPLogExporter } = load(name);
      const service = `otel-${form.slice(0, 4).trim()}`;
      const exporter = new OTLPLogExporter(options());
      const provider = new LoggerProvider({
        resource: resourceFromAttributes({ 'service.name': service, 'host.name': 'one' }),
        processors: [makeProcessor(BatchLogRecordProcessor, exporter)],
      });
      provider.getLogger('lib', '1.0').emit({
        severityNumber: SeverityNumber.WARN,
        severityText: 'WARN',
        body: 'disk is nearly full',
        attributes: { 'disk.free': 3, nested: { deep: true } },
      });
      await provider.forceFlush();
      const [stream] = await eventually('the record', async () => {
        const result = await streams(`{service_name="${service}"} | scope_name="lib"`);
        return result.length === 1 && result;
      });
      assert.equal(stream.values[0][1], 'disk is nearly full');
      assert.equal(stream.stream.detected_level, 'warn');
      assert.equal(stream.stream.disk_free, '3');
      assert.equal(stream.stream.nested_deep, 'true');
      assert.equal(stream.stream.host_name, 'one');
      await provider.shutdown();
    });
  }

  /** Its options were positional before they were an object. */
  function makeProcessor(Processor, exporter) {
    try {
      return new Processor({ exporter, scheduledDelayMillis: 100 });
    } catch {
      return new Processor(exporter, { scheduledDelayMillis: 100 });
    }
  }
});
