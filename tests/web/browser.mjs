// A real browser for the tests, and the words they share.
import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { describe, test } from 'node:test';

const chromiumPath = process.env.CHROMIUM ?? '/usr/bin/chromium';
const webPackage = new URL('../../web/package.json', import.meta.url);
const libraryIsThere = existsSync(new URL('./node_modules/playwright-core/package.json', webPackage));

export const url = (process.env.PHAROS_URL ?? '').replace(/\/?$/, '/');

/** Why no browser test can run here, or false. */
const skip = !process.env.PHAROS_URL
  ? 'PHAROS_URL names no server'
  : !existsSync(chromiumPath)
    ? `there is no browser at ${chromiumPath}; set CHROMIUM`
    : !libraryIsThere
      ? 'web/node_modules is not installed'
      : false;

/** A group of tests that need the browser; where there is none, it counts as one skipped test with the reason. */
export function inBrowser(name, tests) {
  if (skip) {
    test(name, { skip }, () => undefined);
  } else {
    describe(name, tests);
  }
}

const flags = ['--no-sandbox', '--disable-gpu', '--disable-background-networking', '--no-first-run'];

/** Opens a browser with one page; `errors` collects what the console and uncaught exceptions say. */
export async function openBrowser(options = {}) {
  const { chromium } = createRequire(webPackage)('playwright-core');
  const browser = await chromium.launch({ executablePath: chromiumPath, args: flags });
  const context = await browser.newContext({
    // The accessibility check is a script from outside, which the server's own policy rightly refuses.
    bypassCSP: true,
    reducedMotion: 'reduce',
    viewport: { width: 1440, height: 900 },
    baseURL: url,
    ...options,
  });
  const page = await context.newPage();
  page.setDefaultTimeout(20_000);
  const errors = [];
  page.on(
    'console',
    (message) => message.type() === 'error' && errors.push(`${page.url()}: ${message.text()}`),
  );
  page.on('pageerror', (error) => errors.push(`${page.url()}: ${error.stack ?? error.message}`));
  return { browser, page, errors };
}

export async function api(path, init) {
  const response = await fetch(url + path, init);
  if (!response.ok) {
    throw new Error(`${path} answered ${response.status}: ${await response.text()}`);
  }
  const text = await response.text();
  return text === '' ? null : JSON.parse(text);
}

/** Serious breaches of WCAG 2 A and AA on the page as it stands, one line each. */
export async function accessibilityProblems(page) {
  const axe = createRequire(webPackage).resolve('axe-core/axe.min.js');
  await page.addScriptTag({ path: axe });
  const { violations } = await page.evaluate(() =>
    globalThis.axe.run({ runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'] }),
  );
  return violations
    .filter(({ impact }) => impact === 'serious' || impact === 'critical')
    .flatMap(({ id, nodes }) =>
      nodes.map((node) => `${id}: ${node.html.slice(0, 160)} ${node.failureSummary}`),
    );
}

/** Asks again until the answer is there; null, undefined and false mean not yet. */
export async function eventually(what, withinMs, ask) {
  const deadline = Date.now() + withinMs;
  for (;;) {
    const answer = await ask();
    if (answer) {
      return answer;
    }
    if (Date.now() > deadline) {
      throw new Error(`${what}: not within ${withinMs / 1000} s`);
    }
    await new Promise((resolve) => setTimeout(resolve, 500));
  }
}
