// Runs the browser tests. PHAROS_URL names a running demo; without it, one is started on free ports and stopped again.
// Ends with the summary of node's test runner.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:net';
import { fileURLToPath } from 'node:url';

const folder = fileURLToPath(new URL('.', import.meta.url));
const repository = fileURLToPath(new URL('../../', import.meta.url));
const files = ['pages', 'dashboards', 'query', 'logs', 'traces', 'silences', 'demo', 'walk'].map(
  (name) => `${folder}${name}.test.mjs`,
);
// Building from scratch included.
const readyWithinMs = 240_000;

async function freePort() {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address();
  server.close();
  await once(server, 'close');
  return port;
}

async function startDemo() {
  const port = await freePort();
  const url = `http://127.0.0.1:${port}/`;
  const demo = spawn(`${repository}pharos`, ['demo', '--port', String(port)], {
    stdio: ['ignore', 'inherit', 'inherit'],
  });
  const deadline = Date.now() + readyWithinMs;
  while (Date.now() < deadline && demo.exitCode === null && demo.signalCode === null) {
    const ready = await fetch(`${url}-/ready`).then(
      (response) => response.ok,
      () => false,
    );
    if (ready) {
      return { demo, url };
    }
    await new Promise((resolve) => setTimeout(resolve, 250));
  }
  demo.kill('SIGTERM');
  throw new Error(
    demo.exitCode === null
      ? `the demo was not ready within ${readyWithinMs} ms`
      : `the demo ended with ${demo.exitCode}`,
  );
}

let demo = null;
let url = process.env.PHAROS_URL;
let code = 1;
try {
  if (!url) {
    ({ demo, url } = await startDemo());
  }
  const tests = spawn(
    process.execPath,
    ['--test', '--test-concurrency=1', '--test-reporter=spec', ...files],
    { stdio: 'inherit', env: { ...process.env, PHAROS_URL: url } },
  );
  [code] = await once(tests, 'exit');
} catch (error) {
  console.error(error.message);
} finally {
  if (demo && demo.exitCode === null) {
    demo.kill('SIGTERM');
    await once(demo, 'exit');
  }
}
process.exitCode = code ?? 1;
