// The server that a test file runs against, and the words that the files share.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { fileURLToPath } from 'node:url';

// PHAROS_PROGRAM names another build than the one that ./test makes.
const program =
  process.env.PHAROS_PROGRAM ??
  fileURLToPath(new URL('../../artifacts/bin/Pharos.Cli/release/pharos', import.meta.url));
const readyWithinMs = 60_000;

/** Loads the CommonJS builds, so that all packages share one instance of what they have in common. */
export const load = createRequire(import.meta.url);

const skip = !existsSync(program)
  ? `there is no build at ${program}`
  : !existsSync(new URL('./node_modules/prom-client/package.json', import.meta.url))
    ? 'tests/clients/node_modules is not installed'
    : false;

/** A group of tests that need the server; where it cannot run, it counts as one skipped test with the reason. */
export function withPharos(name, tests) {
  if (skip) {
    test(name, { skip }, () => undefined);
  } else {
    describe(name, tests);
  }
}

export async function freePort() {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address();
  server.close();
  await once(server, 'close');
  return port;
}

/**
 * Starts a server in a folder of its own.
 * @param files From its address, as host and port, to the texts of its files by name; prometheus.yml must be among them.
 */
export async function startPharos(files, flags = []) {
  const folder = await mkdtemp(join(tmpdir(), 'pharos-clients-'));
  const address = `127.0.0.1:${await freePort()}`;
  for (const [name, text] of Object.entries(files(address))) {
    await writeFile(join(folder, name), text);
  }
  const url = `http://${address}`;
  const server = spawn(
    program,
    [
      'serve',
      `--config.file=${folder}/prometheus.yml`,
      `--data=${folder}/data`,
      `--web.listen-address=${address}`,
      ...flags,
    ],
    { stdio: ['ignore', 'pipe', 'pipe'] },
  );
  let said = '';
  server.stdout.on('data', (text) => (said += text));
  server.stderr.on('data', (text) => (said += text));
  const stop = async () => {
    if (server.exitCode === null && server.signalCode === null) {
      server.kill('SIGTERM');
      await once(server, 'exit');
    }
    await rm(folder, { recursive: true });
  };
  const deadline = Date.now() + readyWithinMs;
  for (;;) {
    const ready = await fetch(`${url}/-/ready`).then(
      (response) => response.ok,
      () => false,
    );
    if (ready) {
      return {
        url,
        stop,
        api: (path, init) => data(url + path, init),
        vector: (query) => vector(url, query),
      };
    }
    if (Date.now() > deadline || server.exitCode !== null || server.signalCode !== null) {
      await stop();
      throw new Error(`the server did not become ready:\n${said}`);
    }
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

/** The data of an answer of the Prometheus API. */
async function data(url, init) {
  const response = await fetch(url, init);
  const text = await response.text();
  const answer = JSON.parse(text);
  if (answer.status !== 'success') {
    throw new Error(`${url} answered ${response.status}: ${text}`);
  }
  return answer.data;
}

/** What an instant query finds: metric and value of each series. */
async function vector(url, query) {
  const { result } = await data(`${url}/api/v1/query?${new URLSearchParams({ query })}`);
  return result.map(({ metric, value }) => ({ metric, value: value[1] }));
}

/** Asks again until the answer is there; null, undefined and false mean not yet. */
export async function eventually(what, ask) {
  const deadline = Date.now() + 40_000;
  for (;;) {
    const answer = await ask();
    if (answer) {
      return answer;
    }
    if (Date.now() > deadline) {
      throw new Error(`${what}: not in time`);
    }
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}
