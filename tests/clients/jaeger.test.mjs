// What clients of Jaeger's query service send, in the order in which they send it, and what their readers insist on: Grafana's data
// source over HTTP, Kiali over HTTP and gRPC, and readers of Jaeger's third API.
import assert from 'node:assert/strict';
import { after, before, it } from 'node:test';

import { load, startPharos, withPharos } from './pharos.mjs';

const traceId = '5b8efff798038103d269b633813fc60c';
const secondTrace = '00000000000000000000000000000abc';

// The parts of Jaeger's and OpenTelemetry's protos that the calls below need.
const protos = `
syntax = "proto3";
package jaeger.api_v2;
message Time { int64 seconds = 1; int32 nanos = 2; }
message KeyValue { string key = 1; int32 v_type = 2; string v_str = 3; bool v_bool = 4; int64 v_int64 = 5; double v_float64 = 6; bytes v_binary = 7; }
message Log { Time timestamp = 1; repeated KeyValue fields = 2; }
message SpanRef { bytes trace_id = 1; bytes span_id = 2; int32 ref_type = 3; }
message Process { string service_name = 1; repeated KeyValue tags = 2; }
message Span {
  bytes trace_id = 1; bytes span_id = 2; string operation_name = 3; repeated SpanRef references = 4; uint32 flags = 5; Time start_time = 6;
  Time duration = 7; repeated KeyValue tags = 8; repeated Log logs = 9; Process process = 10; string process_id = 11; repeated string warnings = 12;
}
message SpansResponseChunk { repeated Span spans = 1; }
message GetTraceRequest { bytes trace_id = 1; Time start_time = 2; Time end_time = 3; bool raw_traces = 4; }
message ArchiveTraceRequest { bytes trace_id = 1; }
message Empty {}
message TraceQueryParameters {
  string service_name = 1; string operation_name = 2; map<string, string> tags = 3; Time start_time_min = 4; Time start_time_max = 5;
  Time duration_min = 6; Time duration_max = 7; int32 search_depth = 8; bool raw_traces = 9;
}
message FindTracesRequest { TraceQueryParameters query = 1; }
message GetServicesResponse { repeated string services = 1; }
message GetOperationsRequest { string service = 1; string span_kind = 2; }
message Operation { string name = 1; string span_kind = 2; }
message GetOperationsResponse { repeated string operationNames = 1; repeated Operation operations = 2; }
message GetDependenciesRequest { Time start_time = 1; Time end_time = 2; }
message DependencyLink { string parent = 1; string child = 2; uint64 call_count = 3; string source = 4; }
message GetDependenciesResponse { repeated DependencyLink dependencies = 1; }
service QueryService {
  rpc GetTrace(GetTraceRequest) returns (stream SpansResponseChunk);
  rpc ArchiveTrace(ArchiveTraceRequest) returns (Empty);
  rpc FindTraces(FindTracesRequest) returns (stream SpansResponseChunk);
  rpc GetServices(Empty) returns (GetServicesResponse);
  rpc GetOperations(GetOperationsRequest) returns (GetOperationsResponse);
  rpc GetDependencies(GetDependenciesRequest) returns (GetDependenciesResponse);
}
`;

const thirdProtos = `
syntax = "proto3";
package jaeger.api_v3;
message Time { int64 seconds = 1; int32 nanos = 2; }
message AnyValue { oneof value { string string_value = 1; bool bool_value = 2; int64 int_value = 3; double double_value = 4; } }
message KeyValue { string key = 1; AnyValue value = 2; }
message Resource { repeated KeyValue attributes = 1; }
message Scope { string name = 1; string version = 2; }
message Span { bytes trace_id = 1; bytes span_id = 2; bytes parent_span_id = 4; string name = 5; int32 kind = 6; fixed64 start_time_unix_nano = 7;
  fixed64 end_time_unix_nano = 8; repeated KeyValue attributes = 9; }
message ScopeSpans { Scope scope = 1; repeated Span spans = 2; }
message ResourceSpans { Resource resource = 1; repeated ScopeSpans scope_spans = 2; }
message TracesData { repeated ResourceSpans resource_spans = 1; }
message GetTraceRequest { string trace_id = 1; Time start_time = 2; Time end_time = 3; bool raw_traces = 4; }
message TraceQueryParameters {
  string service_name = 1; string operation_name = 2; map<string, string> attributes = 3; Time start_time_min = 4; Time start_time_max = 5;
  Time duration_min = 6; Time duration_max = 7; int32 search_depth = 8; bool raw_traces = 9;
}
message FindTracesRequest { TraceQueryParameters query = 1; }
message Empty {}
message GetServicesResponse { repeated string services = 1; }
message GetOperationsRequest { string service = 1; string span_kind = 2; }
message Operation { string name = 1; string span_kind = 2; }
message GetOperationsResponse { repeated Operation operations = 1; }
service QueryService {
  rpc GetTrace(GetTraceRequest) returns (stream TracesData);
  rpc FindTraces(FindTracesRequest) returns (stream TracesData);
  rpc GetServices(Empty) returns (GetServicesResponse);
  rpc GetOperations(GetOperationsRequest) returns (GetOperationsResponse);
}
`;

const healthProtos = `
syntax = "proto3";
package grpc.health.v1;
message HealthCheckRequest { string service = 1; }
message HealthCheckResponse { int32 status = 1; }
service Health { rpc Check(HealthCheckRequest) returns (HealthCheckResponse); }
`;

withPharos('clients of Jaeger', () => {
  let pharos, startNs, grpc;
  const clients = [];

  before(async () => {
    pharos = await startPharos(() => ({ 'prometheus.yml': '' }));
    startNs = BigInt(Date.now() - 30_000) * 1_000_000n;
    const span = (service, spanId, parentSpanId, name, kind, more = {}, trace = traceId) => ({
      resource: { attributes: [text('service.name', service), text('host.name', `${service}-host`)] },
      scopeSpans: [
        {
          scope: { name: 'shop-lib', version: '1.0' },
          spans: [
            {
              traceId: trace,
              spanId,
              ...(parentSpanId && { parentSpanId }),
              name,
              kind,
              startTimeUnixNano: String(startNs),
              endTimeUnixNano: String(startNs + 250_000_000n),
              ...more,
            },
          ],
        },
      ],
    });
    const text = (key, stringValue) => ({ key, value: { stringValue } });
    const sent = await fetch(`${pharos.url}/v1/traces`, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json' },
      body: JSON.stringify({
        resourceSpans: [
          span('shop/web', 'eee19b7ec3c1b174', '', 'GET /cart', 2, {
            attributes: [text('http.method', 'GET'), { key: 'http.status_code', value: { intValue: '500' } }],
            status: { code: 2, message: 'boom' },
            events: [{ timeUnixNano: String(startNs), name: 'retry', attributes: [text('why', 'timeout')] }],
          }),
          span('orders', 'eee19b7ec3c1b175', 'eee19b7ec3c1b174', 'select', 3),
          span('orders', '00000000000000a1', '', 'cron', 1, {}, secondTrace),
        ],
      }),
    });
    assert.equal(sent.status, 200, await sent.text());
    grpc = load('@grpc/grpc-js');
  });
  after(async () => {
    clients.forEach((client) => client.close());
    await pharos?.stop();
  });

  async function ask(path, parameters = {}) {
    const response = await fetch(`${pharos.url}${path}?${new URLSearchParams(parameters)}`);
    const body = await response.text();
    assert.equal(response.status, 200, body);
    assert.equal(response.headers.get('content-type'), 'application/json');
    return JSON.parse(body);
  }

  const now = () => String(Date.now() * 1000);
  const before1h = () => String((Date.now() - 3_600_000) * 1000);

  it("walks as Grafana's data source does", async () => {
    assert.deepEqual((await ask('/api/services')).data, ['orders', 'shop/web']);
    assert.deepEqual((await ask(`/api/services/${encodeURIComponent('shop/web')}/operations`)).data, ['GET /cart']);
    const found = await ask('/api/traces', {
      service: 'shop/web',
      operation: 'GET /cart',
      tags: JSON.stringify({ 'http.status_code': '500', error: 'true' }),
      minDuration: '100ms',
      maxDuration: '1.5s',
      limit: '20',
      lookback: 'custom',
      start: before1h(),
      end: now(),
    });
    assert.deepEqual(
      found.data.map((trace) => trace.traceID),
      [traceId],
    );
    const { data } = await ask(`/api/traces/${traceId}`, { start: before1h(), end: now() });
    const [trace] = data;
    assert.equal(trace.spans.length, 2);
    for (const span of trace.spans) {
      // Grafana's transformation reads all of these.
      assert.equal(typeof span.startTime, 'number');
      assert.equal(span.duration, 250_000);
      assert.ok(Array.isArray(span.references) && Array.isArray(span.logs) && Array.isArray(span.tags));
      assert.ok(trace.processes[span.processID].serviceName);
      assert.ok(span.warnings === null || Array.isArray(span.warnings));
    }
    const root = trace.spans.find((span) => span.spanID === 'eee19b7ec3c1b174');
    assert.deepEqual(
      root.tags.find((tag) => tag.key === 'error'),
      { key: 'error', type: 'bool', value: true },
    );
    assert.equal(root.logs[0].timestamp, Number(startNs / 1000n));
    assert.deepEqual(trace.spans.find((span) => span !== root).references, [{ refType: 'CHILD_OF', traceID: traceId, spanID: root.spanID }]);
    const dependencies = await ask('/api/dependencies', { endTs: String(Date.now()), lookback: '3600000' });
    assert.deepEqual(dependencies.data, [{ parent: 'shop/web', child: 'orders', callCount: 1 }]);
  });

  it('walks as Kiali does over HTTP', async () => {
    assert.ok((await ask('/api/services')).data.includes('orders'));
    const { data, errors } = await ask('/api/traces', {
      service: 'orders',
      start: before1h(),
      end: now(),
      limit: '100',
      tags: '{"host.name":"orders-host"}',
    });
    assert.equal(errors, null);
    assert.equal(data.length, 2);
    const missing = await fetch(`${pharos.url}/api/traces/deadbeef`);
    assert.equal(missing.status, 404);
    assert.equal((await missing.json()).errors[0].msg, 'trace not found');
  });

  it('gives OTLP over the third API', async () => {
    assert.deepEqual(await ask('/api/v3/services'), { services: ['orders', 'shop/web'] });
    assert.deepEqual(await ask('/api/v3/operations', { service: 'orders', spanKind: 'client' }), {
      operations: [{ name: 'select', spanKind: 'client' }],
    });
    const { result } = await ask(`/api/v3/traces/${traceId}`);
    assert.deepEqual(
      result.resourceSpans.flatMap(({ scopeSpans }) => scopeSpans.flatMap(({ spans }) => spans.map(({ name }) => name))).sort(),
      ['GET /cart', 'select'],
    );
    const range = { 'query.startTimeMin': new Date(Date.now() - 3_600_000).toISOString(), 'query.startTimeMax': new Date().toISOString() };
    const { summaries } = await ask('/api/v3/trace-summaries', { ...range, 'query.serviceName': 'shop/web' });
    assert.equal(summaries.length, 1);
    assert.deepEqual(
      [summaries[0].traceId, summaries[0].rootServiceName, summaries[0].spanCount, summaries[0].errorSpanCount],
      [traceId, 'shop/web', 2, 1],
    );
  });

  function client(text, name, address) {
    const root = load('protobufjs').parse(text, { keepCase: true }).root;
    const definition = load('@grpc/proto-loader').fromJSON(root.toJSON({ keepComments: false }), { keepCase: true, longs: String, defaults: true });
    const Service = name.split('.').reduce((part, key) => part[key], grpc.loadPackageDefinition(definition));
    const made = new Service(address ?? new URL(pharos.url).host, grpc.credentials.createInsecure());
    clients.push(made);
    return {
      call: (method, request) => new Promise((resolve, reject) => made[method](request, (error, answer) => (error ? reject(error) : resolve(answer)))),
      stream: (method, request) =>
        new Promise((resolve, reject) => {
          const messages = [];
          made[method](request)
            .on('data', (message) => messages.push(message))
            .on('error', reject)
            .on('end', () => resolve(messages));
        }),
    };
  }

  const bytes = (hex) => Buffer.from(hex, 'hex');
  const seconds = (ms) => ({ seconds: String(Math.floor(ms / 1000)), nanos: 0 });

  it('answers over gRPC as Kiali asks', async () => {
    const query = client(protos, 'jaeger.api_v2.QueryService');
    assert.deepEqual((await query.call('GetServices', {})).services, ['orders', 'shop/web']);
    const operations = await query.call('GetOperations', { service: 'orders' });
    assert.deepEqual(operations.operationNames, ['cron', 'select']);
    assert.deepEqual(operations.operations[1], { name: 'select', span_kind: 'client' });
    const chunks = await query.stream('GetTrace', { trace_id: bytes(traceId) });
    const spans = chunks.flatMap((chunk) => chunk.spans);
    assert.equal(spans.length, 2);
    const root = spans.find((span) => span.operation_name === 'GET /cart');
    assert.equal(root.trace_id.toString('hex'), traceId);
    assert.equal(root.process.service_name, 'shop/web');
    assert.deepEqual(root.duration, { seconds: '0', nanos: 250_000_000 });
    assert.equal(BigInt(root.start_time.seconds) * 1_000_000_000n + BigInt(root.start_time.nanos), startNs);
    const status = root.tags.find((tag) => tag.key === 'http.status_code');
    assert.deepEqual([status.v_type, status.v_int64], [2, '500']);
    assert.equal(root.logs[0].fields[0].v_str, 'retry');
    assert.equal(spans.find((span) => span !== root).references[0].span_id.toString('hex'), 'eee19b7ec3c1b174');
    const found = await query.stream('FindTraces', {
      query: {
        service_name: 'orders',
        tags: { 'span.kind': 'client' },
        start_time_min: seconds(Date.now() - 3_600_000),
        start_time_max: seconds(Date.now() + 1000),
        duration_min: { seconds: '0', nanos: 1000 },
        search_depth: 20,
      },
    });
    assert.equal(found.flatMap((chunk) => chunk.spans).length, 2);
    const { dependencies } = await query.call('GetDependencies', {
      start_time: seconds(Date.now() - 3_600_000),
      end_time: seconds(Date.now() + 1000),
    });
    assert.deepEqual(dependencies, [{ parent: 'shop/web', child: 'orders', call_count: '1', source: '' }]);
    await assert.rejects(query.stream('GetTrace', { trace_id: bytes('000000000000000000000000deadbeef') }), { code: grpc.status.NOT_FOUND });
    await assert.rejects(query.stream('GetTrace', { trace_id: bytes('0102') }), { code: grpc.status.INVALID_ARGUMENT });
    await assert.rejects(query.stream('FindTraces', {}), { code: grpc.status.INVALID_ARGUMENT, details: 'missing query' });
    await assert.rejects(query.call('ArchiveTrace', { trace_id: bytes('000000000000000000000000deadbeef') }), { code: grpc.status.NOT_FOUND });
  });

  it('answers the third service over gRPC, and says that it serves', async () => {
    const query = client(thirdProtos, 'jaeger.api_v3.QueryService');
    assert.deepEqual((await query.call('GetServices', {})).services, ['orders', 'shop/web']);
    assert.deepEqual((await query.call('GetOperations', { service: 'orders', span_kind: 'client' })).operations, [{ name: 'select', span_kind: 'client' }]);
    const parts = await query.stream('GetTrace', { trace_id: traceId });
    const spans = parts.flatMap((part) => part.resource_spans.flatMap((of) => of.scope_spans.flatMap((scope) => scope.spans)));
    assert.deepEqual(spans.map((span) => span.name).sort(), ['GET /cart', 'select']);
    assert.equal(spans[0].trace_id.toString('hex'), traceId);
    const search = { start_time_min: seconds(Date.now() - 3_600_000), start_time_max: seconds(Date.now() + 1000), search_depth: 10 };
    assert.equal((await query.stream('FindTraces', { query: { ...search, attributes: { 'http.method': 'GET' } } })).length, 1);
    await assert.rejects(query.stream('FindTraces', { query: { ...search, search_depth: 0 } }), { code: grpc.status.INVALID_ARGUMENT });
    await assert.rejects(query.stream('FindTraces', { query: { search_depth: 1 } }), { code: grpc.status.INVALID_ARGUMENT });
    await assert.rejects(query.stream('GetTrace', { trace_id: 'xyz' }), { code: grpc.status.INVALID_ARGUMENT });
    const health = client(healthProtos, 'grpc.health.v1.Health');
    assert.deepEqual(await health.call('Check', {}), { status: 1 });
  });
});
