// The seed's own JavaScript, byte for byte: its metrics and its tracer run under Node with the packages of their time, Pharos scrapes
// the one and takes the spans of the other, and everything is found again over the APIs.
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { after, before, it } from 'node:test';
import { fileURLToPath } from 'node:url';

import { eventually, freePort, startPharos } from './pharos.mjs';
import { modules, seed, spansOf, withTracers } from './tracers/tracers.mjs';

/** What the seed's file itself says about a span: this exporter writes the resource's attributes on every span, too. */
const own = ({ tags }) =>
  Object.fromEntries(Object.entries(tags).filter(([key]) => !/^(service|telemetry|deployment|process)\./.test(key)));

const service = { serviceName: 'progressive-framework-v5' };

withTracers(
  "the seed's application",
  () => {
    let pharos, application, done;

    before(async () => {
      const [metricsPort, collectorPort] = [await freePort(), await freePort()];
      pharos = await startPharos(
        () => ({
          'prometheus.yml': `
global: {scrape_interval: 1s, scrape_timeout: 1s}
scrape_configs:
- {job_name: progressive, static_configs: [{targets: ['127.0.0.1:${metricsPort}']}]}
`,
        }),
        [`--collector.http-server.host-port=127.0.0.1:${collectorPort}`],
      );
      application = spawn(process.execPath, [fileURLToPath(new URL('./tracers/seed-application.cjs', import.meta.url)), seed], {
        env: {
          ...process.env,
          NODE_PATH: modules,
          NODE_ENV: 'test',
          APP_VERSION: '5.1.0',
          METRICS_PORT: String(metricsPort),
          JAEGER_ENDPOINT: `http://127.0.0.1:${collectorPort}/api/traces`,
        },
        stdio: ['pipe', 'pipe', 'inherit'],
      });
      const [line] = await once(createInterface(application.stdout), 'line');
      done = JSON.parse(line);
    });
    after(async () => {
      application?.stdin.end();
      await pharos?.stop();
    });

    it('measures what it does, and all of it is scraped', async () => {
      assert.deepEqual(done.passed, [true, true]);
      await eventually('the scrape', async () => (await pharos.vector('progressive_active_users_total')).length > 0);
      for (const [query, value] of [
        ['progressive_active_users_total{environment="test"}', '42'],
        ['progressive_agent_requests_total{agent_type="NPA",method="plan",status="success"}', '3'],
        ['progressive_agent_response_time_seconds_bucket{agent_type="NPA",method="plan",le="0.5"}', '0'],
        ['progressive_agent_response_time_seconds_bucket{agent_type="NPA",method="plan",le="1.0"}', '1'],
        ['progressive_agent_response_time_seconds_sum', '0.7'],
        ['progressive_database_connections_active{database_type="postgres",database_name="main"}', '5'],
        ['progressive_agent_coordination_time_seconds_count{source_agent="MCA",target_agent="NPA"}', '1'],
        ['progressive_agent_errors_total{agent_type="WPA",error_type="timeout"}', '1'],
        ['progressive_agent_memory_usage_bytes{agent_type="MCA",agent_id="mca-1"}', '1048576'],
        ['progressive_http_requests_total{method="GET",route="/plans/:id",status_code="200"}', '1'],
        ['progressive_http_requests_total{method="POST",route="/unknown",status_code="404"}', '1'],
        ['progressive_http_request_duration_seconds_count{method="GET",route="/plans/:id"}', '1'],
        ['progressive_nutrition_plans_generated_total{plan_type="keto",success="true"}', '2'],
        ['progressive_workout_plans_generated_total{workout_type="strength",difficulty="hard",success="false"}', '1'],
        ['progressive_agent_sync_events_total{event_type="state",agents_involved="MCA,NPA"}', '4'],
        ['count(process_cpu_seconds_total{job="progressive"})', '1'],
        ['count(nodejs_version_info{job="progressive"})', '1'],
      ]) {
        assert.deepEqual((await pharos.vector(query)).map((series) => series.value), [value], query);
      }
    });

    it('traces what its agents do, and the spans are found again', async () => {
      assert.deepEqual(done.answers, { sync: { ok: true }, async: ['meal'] });
      const all = await eventually('the spans', () => spansOf(pharos, service, 6));
      const named = (wanted) => {
        const some = all.filter(({ name }) => name === wanted);
        assert.equal(some.length, 1, `${wanted} of ${all.map(({ name }) => name)}`);
        return some[0];
      };
      const [coordinate, plan, talk] = ['agent.coordinate', 'agent.plan', 'agent.communication'].map(named);
      for (const [span, id] of [
        [coordinate, done.ids.coordinate],
        [plan, done.ids.plan],
        [talk, done.ids.communication],
      ]) {
        assert.deepEqual([span.traceId, span.id], [id.traceId, id.spanId]);
        assert.equal(span.localEndpoint.serviceName, 'progressive-framework-v5');
        assert.equal(span.tags['service.version'], '5.1.0');
        assert.equal(span.tags['deployment.environment'], 'test');
        assert.equal(span.tags['telemetry.sdk.language'], 'nodejs');
      }
      const { 'agent.duration_ms': took, ...rest } = own(coordinate);
      assert.match(took, /^\d+$/);
      assert.deepEqual(rest, {
        'otel.scope.name': 'progressive-agent-MCA',
        'otel.scope.version': '5.0.0',
        'agent.type': 'MCA',
        'agent.id': 'mca-1',
        'agent.operation': 'coordinate',
        'request.size': '10',
        'response.size': '11',
        'agent.success': 'true',
      });
      assert.deepEqual(own(talk), {
        'otel.scope.name': 'progressive-agent-MCA',
        'otel.scope.version': '5.0.0',
        'communication.source': 'MCA',
        'communication.target': 'NPA',
        'communication.type': 'request',
        'communication.data_size': '15',
      });
      assert.equal(talk.parentId, coordinate.id);
      assert.deepEqual([own(plan)['agent.success'], own(plan)['response.size']], ['true', '8']);
    });

    it('keeps the types of its attributes, as the API of Jaeger tells them', async () => {
      const answer = await fetch(`${pharos.url}/api/traces/${done.ids.coordinate.traceId}`);
      const [{ spans, processes }] = (await answer.json()).data;
      const byId = ({ spanId }) => spans.find(({ spanID }) => spanID === spanId);
      const [coordinate, talk] = [byId(done.ids.coordinate), byId(done.ids.communication)];
      const tag = (name) => coordinate.tags.find(({ key }) => key === name);
      // Every number is a double for this exporter.
      assert.deepEqual(tag('request.size'), { key: 'request.size', type: 'float64', value: 10 });
      assert.deepEqual(tag('agent.success'), { key: 'agent.success', type: 'bool', value: true });
      assert.deepEqual(tag('agent.type'), { key: 'agent.type', type: 'string', value: 'MCA' });
      assert.equal(processes[coordinate.processID].serviceName, 'progressive-framework-v5');
      assert.deepEqual(talk.references, [{ refType: 'CHILD_OF', traceID: coordinate.traceID, spanID: coordinate.spanID }]);
    });

    it('is found by an attribute', async () => {
      const found = await spansOf(pharos, { ...service, annotationQuery: 'agent.type=NPA and agent.operation=plan' }, 1);
      assert.ok(found.some(({ id }) => id === done.ids.plan.spanId));
      assert.equal(await spansOf(pharos, { ...service, annotationQuery: 'agent.type=WPA' }, 1), false);
    });

    it('traces its requests by itself, below the agent that sent them, and leaves out its health checks and scrapes', async () => {
      const requests = (await spansOf(pharos, service, 6)).filter(({ tags }) => tags['http.method'] !== undefined);
      const ofKind = (wanted) => requests.filter(({ kind }) => kind === wanted).map(({ tags }) => tags['http.target']).sort();
      assert.deepEqual(ofKind('CLIENT'), ['/health', '/plans']);
      assert.deepEqual(ofKind('SERVER'), ['/plans']);
      const client = requests.find(({ kind, tags }) => kind === 'CLIENT' && tags['http.target'] === '/plans');
      const server = requests.find(({ kind }) => kind === 'SERVER');
      assert.equal(client.parentId, done.ids.plan.spanId);
      assert.equal(server.parentId, client.id);
      assert.equal(server.tags['http.status_code'], '200');
    });

    // tracer.js sets the status with trace.SpanStatusCode.ERROR. The package exports SpanStatusCode, but its object `trace` has none: the
    // error path throws a TypeError of its own in place of the caller's error, and leaves the span open, so that nobody ever gets it.
    // An agent that answers nothing at all takes the same path, since JSON.stringify(undefined) has no length.
    it('loses its failures, because its error path names an enum that does not exist there', async () => {
      assert.equal(done.hasStatusCodes, false);
      assert.equal(done.apiHasStatusCodes, true);
      const broken = "TypeError: Cannot read properties of undefined (reading 'ERROR')";
      assert.deepEqual(done.failures, { throws: broken, rejects: broken, silent: broken });
      const names = (await spansOf(pharos, service, 0)).map(({ name }) => name);
      assert.deepEqual(names.filter((name) => /throws|rejects|silent/.test(name)), []);
    });
  },
  true,
);
