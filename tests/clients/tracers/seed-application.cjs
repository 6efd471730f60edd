// The application that the seed's two files belong to, as small as it can be: it loads them as they are, drives everything that they
// export, serves its metrics, and says on its output what it did. Runs in a process of its own: tracing patches what is loaded later.
//   node seed-application.cjs FOLDER-OF-THE-SEED
const { EventEmitter } = require('node:events');
const { join } = require('node:path');

const seed = process.argv[2];
const { AgentTracer, sdk } = require(join(seed, 'tracing/tracer.js'));
const metrics = require(join(seed, 'middleware/metrics.js'));
const { context, trace, SpanStatusCode } = require('@opentelemetry/api');
const http = require('node:http');

/** A request that went through the middleware, as Express would send it. */
function request(method, path, statusCode, route) {
  const response = new EventEmitter();
  response.statusCode = statusCode;
  let passed = false;
  metrics.collectHttpMetrics({ method, path, route: route && { path: route } }, response, () => (passed = true));
  response.emit('finish');
  return passed;
}

function measure() {
  metrics.activeUsers.set({ environment: 'test' }, 42);
  metrics.agentRequests.inc({ agent_type: 'NPA', method: 'plan', status: 'success' }, 3);
  metrics.agentResponseTime.observe({ agent_type: 'NPA', method: 'plan' }, 0.7);
  metrics.databaseConnections.set({ database_type: 'postgres', database_name: 'main' }, 5);
  metrics.agentCoordinationTime.observe({ source_agent: 'MCA', target_agent: 'NPA' }, 0.2);
  metrics.agentErrors.inc({ agent_type: 'WPA', error_type: 'timeout' });
  metrics.agentMemoryUsage.set({ agent_type: 'MCA', agent_id: 'mca-1' }, 1048576);
  metrics.nutritionPlansGenerated.inc({ plan_type: 'keto', success: 'true' }, 2);
  metrics.workoutPlansGenerated.inc({ workout_type: 'strength', difficulty: 'hard', success: 'false' });
  metrics.agentSyncEvents.inc({ event_type: 'state', agents_involved: 'MCA,NPA' }, 4);
  return [request('GET', '/plans/7', 200, '/plans/:id'), request('POST', '/unknown', 404)];
}

async function failure(run) {
  try {
    await run();
    return 'none';
  } catch (error) {
    return `${error.constructor.name}: ${error.message}`;
  }
}

async function traced(address) {
  const mca = new AgentTracer('MCA');
  const npa = new AgentTracer('NPA');
  const ids = {};
  const note = (name) => (ids[name] = trace.getSpan(context.active()).spanContext());
  const answers = {
    sync: mca.traceAgentRequest('coordinate', 'mca-1', { user: 7 }, () => {
      note('coordinate');
      const talk = mca.traceAgentCommunication('MCA', 'NPA', 'request', { plan: 'keto' });
      ids.communication = talk.spanContext();
      talk.end();
      return { ok: true };
    }),
    async: await npa.traceAgentRequest('plan', 'npa-1', { user: 7 }, async () => {
      note('plan');
      await new Promise((resolve) => http.get(`${address}/plans`, (response) => response.resume().on('end', resolve)));
      await new Promise((resolve) => http.get(`${address}/health`, (response) => response.resume().on('end', resolve)));
      return ['meal'];
    }),
  };
  const failures = {
    throws: await failure(() => mca.traceAgentRequest('throws', 'mca-1', {}, () => { throw new RangeError('too far'); })),
    rejects: await failure(() => mca.traceAgentRequest('rejects', 'mca-1', {}, () => Promise.reject(new RangeError('too far')))),
    silent: await failure(() => mca.traceAgentRequest('silent', 'mca-1', {}, () => undefined)),
  };
  return { answers, failures, ids, hasStatusCodes: trace.SpanStatusCode !== undefined, apiHasStatusCodes: SpanStatusCode !== undefined };
}

async function main() {
  const server = http.createServer(async (incoming, response) => {
    if (incoming.url === '/metrics') {
      response.setHeader('Content-Type', metrics.register.contentType);
      response.end(await metrics.register.metrics());
      return;
    }
    response.end('ok');
  });
  await new Promise((resolve) => server.listen(Number(process.env.METRICS_PORT), '127.0.0.1', resolve));
  const passed = measure();
  const done = await traced(`http://127.0.0.1:${server.address().port}`);
  // Sends what is ended and not yet sent.
  await sdk.shutdown();
  process.stdout.write(JSON.stringify({ passed, ...done }) + '\n');
}

main().catch((error) => {
  process.stderr.write(`${error.stack}\n`);
  process.exitCode = 1;
});
process.stdin.on('end', () => process.exit()).resume();
