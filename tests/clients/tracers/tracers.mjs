// Where the tests of tracers find their packages, which are those of the seed's time and so live in a folder of their own.
import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';

import { withPharos } from '../pharos.mjs';

/** Loads the CommonJS builds of the packages of this folder. */
export const load = createRequire(import.meta.url);

export const modules = fileURLToPath(new URL('./node_modules', import.meta.url));

/** The seed's JavaScript, which lies beside the checkout and not in it. */
export const seed = fileURLToPath(new URL('../../../../shared/seed/src/', import.meta.url));

/** A group of tests that need the server and the tracers; where they are not, it counts as one skipped test with the reason. */
export function withTracers(name, tests, needsSeed = false) {
  const skip = !existsSync(new URL('./node_modules/jaeger-client/package.json', import.meta.url))
    ? 'tests/clients/tracers/node_modules is not installed'
    : needsSeed && !existsSync(`${seed}tracing/tracer.js`)
      ? `the seed is not at ${seed}`
      : false;
  if (skip) {
    test(name, { skip }, () => undefined);
  } else {
    withPharos(name, tests);
  }
}

/** The spans that a search by Zipkin's API finds, of all its traces, once there are so many; tags are texts there. */
export async function spansOf(pharos, parameters, atLeast) {
  const found = await fetch(`${pharos.url}/api/v2/traces?${new URLSearchParams({ limit: 1000, ...parameters })}`);
  const spans = (await found.json()).flat();
  return spans.length >= atLeast && spans;
}
