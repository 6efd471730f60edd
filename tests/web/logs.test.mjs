import assert from 'node:assert/strict';
import { after, before, it } from 'node:test';

import { accessibilityProblems, api, eventually, inBrowser, openBrowser } from './browser.mjs';

const service = `browser-test-${Date.now()}`;
const lines = 2500;

const nsAt = (ms, more = 0) => `${ms}${String(more).padStart(6, '0')}`;
const address = (query, more = '') => `logs?query=${encodeURIComponent(query)}${more}`;

const push = (values) =>
  api('loki/api/v1/push', {
    method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify({
      streams: [{ stream: { service_name: service, pod: 'p-1' }, values }],
    }),
  });

/** Lines of JSON in threes of one nanosecond, so that pages end amid one. */
async function pushLines() {
  const start = Date.now() - 600_000;
  const values = Array.from({ length: lines }, (_, i) => {
    const level = i % 50 === 0 ? 'error' : 'info';
    const line = JSON.stringify({
      level,
      msg: `request ${i} served`,
      status: level === 'error' ? 502 : 200,
    });
    return [nsAt(start + Math.floor(i / 3) * 100), line, { order: String(i) }];
  });
  await push(values);
}

const rows = (page) => page.locator('[data-log-list] [data-index]');
const editor = (page) => page.locator('.cm-content');

inBrowser('the page of logs', () => {
  let browser, page, errors;
  before(async () => {
    await pushLines();
    ({ browser, page, errors } = await openBrowser());
  });
  after(() => browser?.close());

  it('begins with the services that wrote, and asks for one by a click', async () => {
    await page.goto('logs');
    await page.getByRole('button', { name: service }).click();
    await page.waitForURL(/query=/);
    await rows(page).first().waitFor();
    await page.getByText(`${lines.toLocaleString('en-US')} lines`).waitFor();
    await page.getByRole('figure', { name: /Lines by level, 2 series/ }).waitFor();
    assert.deepEqual(errors, []);
    assert.deepEqual(await accessibilityProblems(page), []);
  });

  it('shows every line once, however far one scrolls', async () => {
    await page.goto(address(`{service_name="${service}"}`));
    await rows(page).first().waitFor();
    const seen = await page.evaluate(async () => {
      const list = document.querySelector('[data-log-list]');
      const orders = new Set();
      const read = () => {
        for (const row of list.querySelectorAll('[data-index]')) {
          orders.add(/request (\d+) served/.exec(row.textContent)?.[1]);
        }
      };
      const ended = () =>
        list.textContent.includes('The range begins here') &&
        list.scrollTop + list.clientHeight >= list.scrollHeight - 4;
      read();
      for (let i = 0; i < 400 && !ended(); i++) {
        list.scrollTop += 400;
        await new Promise((resolve) => setTimeout(resolve, 50));
        read();
      }
      return {
        rows: Number(list.getAttribute('aria-rowcount')),
        orders: orders.size,
      };
    });
    assert.deepEqual(seen, { rows: lines, orders: lines });
  });

  it('opens a line, and filters by a field of it with a click', async () => {
    await page.goto(address(`{service_name="${service}"} |= "request 2450"`));
    await rows(page).first().click();
    await page.getByRole('button', { name: 'Filter for status' }).click();
    await editor(page).filter({ hasText: '| json | status = "502"' }).waitFor();
    await rows(page).first().getByText('request 2450 served').first().waitFor();
    await page.getByRole('button', { name: 'Filter out pod' }).click();
    await editor(page).filter({ hasText: 'pod!="p-1"' }).waitFor();
    await page.getByText('No line fits').waitFor();
    assert.deepEqual(errors, []);
  });

  it('makes a column of a field and keeps it in the address', async () => {
    await page.goto(address(`{service_name="${service}"} |= "request 2450"`));
    await rows(page).first().click();
    await page.getByRole('button', { name: 'Show status as column' }).click();
    await page.waitForURL(/columns=status/);
    await page.getByRole('button', { name: 'Hide column status' }).first().waitFor();
    assert.deepEqual(await accessibilityProblems(page), []);
  });

  it('opens a line by the keyboard, and a link leads another to it', async () => {
    await page.context().grantPermissions(['clipboard-read', 'clipboard-write']);
    await page.goto(address(`{service_name="${service}"} |= "request 12"`));
    await rows(page).first().waitFor();
    await page.locator('[data-log-list]').focus();
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('ArrowDown');
    const text = await page.locator('[data-log-list] [data-active]').textContent();
    await page.keyboard.press('Enter');
    await page.getByRole('button', { name: 'Copy link' }).click();
    await page.getByText('The link is on the clipboard').waitFor();
    const link = await page.evaluate(() => navigator.clipboard.readText());
    await page.goto(link);
    await page.getByText('The list begins with the line of the link').waitFor();
    assert.ok((await page.locator('[data-log-list] [data-linked]').textContent()).startsWith(text));
    await page.getByRole('button', { name: 'Show the whole range' }).click();
    await page.waitForURL((url) => !url.search.includes('line='));
    assert.deepEqual(errors, []);
  });

  it('asks for one level by a click on its count', async () => {
    await page.goto(address(`{service_name="${service}"}`));
    await page.getByRole('button', { name: /^error 50$/ }).click();
    await editor(page).filter({ hasText: '| detected_level = "error"' }).waitFor();
    await page.getByText('50 lines', { exact: false }).first().waitFor();
    assert.deepEqual(errors, []);
  });

  it('shows the lines around one, whatever the query filters', async () => {
    await page.goto(address(`{service_name="${service}"} |= "request 1200"`));
    await rows(page).first().click();
    await page.getByRole('button', { name: 'Lines around it' }).click();
    const drawer = page.getByRole('dialog', { name: 'Lines around it' });
    await drawer.getByText('request 1199 served').waitFor();
    await drawer.getByText('request 1203 served').waitFor();
    assert.match(await drawer.locator('[data-anchor]').textContent(), /request 1200 served/);
    assert.deepEqual(errors, []);
    assert.deepEqual(await accessibilityProblems(page), []);
  });

  it('follows new lines, pauses and counts what waits', async () => {
    await page.goto(address(`{service_name="${service}"}`, '&live=1'));
    await page.getByText('live', { exact: true }).waitFor();
    await push([[nsAt(Date.now(), 1), 'a new line']]);
    await rows(page).first().getByText('a new line').waitFor();
    await page.getByRole('button', { name: 'Pause' }).click();
    await push([[nsAt(Date.now(), 2), 'a line that waits']]);
    await page.getByText('1 wait').waitFor();
    assert.equal(await page.getByText('a line that waits').count(), 0);
    await page.getByRole('button', { name: 'Go on' }).click();
    await rows(page).first().getByText('a line that waits').waitFor();
    await rows(page).first().click();
    await page.getByText('paused', { exact: true }).waitFor();
    assert.deepEqual(errors, []);
    assert.deepEqual(await accessibilityProblems(page), []);
  });

  it('completes labels and their values', async () => {
    await page.goto('logs');
    await editor(page).click();
    await page.keyboard.type('{service_n', { delay: 40 });
    await page.locator('.cm-tooltip-autocomplete').getByText('service_name').waitFor();
    // The list takes no key in its first moments, so that typing does not accept by accident.
    await page.waitForTimeout(200);
    await page.keyboard.press('Enter');
    await page.locator('.cm-tooltip-autocomplete').getByText(service).waitFor();
    await page.keyboard.type(service.slice(0, 9));
    await page.locator('.cm-tooltip-autocomplete').getByText(service).click();
    await editor(page)
      .filter({ hasText: `{service_name="${service}"}` })
      .waitFor();
  });

  it('draws a query of numbers', async () => {
    await page.goto(address(`sum by (detected_level) (count_over_time({service_name="${service}"}[1h]))`));
    await page.getByRole('figure', { name: /[1-9]\d* series/ }).waitFor();
    await page.getByRole('tab', { name: 'Table' }).click();
    await page.getByRole('table', { name: 'Result' }).getByText('detected_level').first().waitFor();
    assert.deepEqual(errors, []);
  });

  it('finds patterns and fields', async () => {
    await page.goto(address(`{service_name="${service}"}`, '&tab=patterns'));
    await page.getByRole('button', { name: 'Only lines of this pattern' }).first().click();
    await editor(page).filter({ hasText: '|>' }).waitFor();
    await rows(page).first().waitFor();
    await page.goto(address(`{service_name="${service}"}`, '&tab=fields'));
    await page.getByRole('button', { name: 'status' }).click();
    await page.getByRole('table', { name: 'Values of status' }).getByText('502').waitFor();
    assert.deepEqual(errors, []);
    assert.deepEqual(await accessibilityProblems(page), []);
  });

  it('underlines a mistake where the server found it', async () => {
    await page.goto(address('{service_name="a"} | | json'));
    await page.getByText('The query failed').waitFor();
    await page.locator('.cm-lintRange-error').waitFor();
    errors.length = 0;
  });

  it('says why lines were refused', async () => {
    const refused = await fetch(`${process.env.PHAROS_URL.replace(/\/?$/, '/')}loki/api/v1/push`, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json' },
      body: JSON.stringify({
        streams: [
          {
            stream: { service_name: service },
            values: [['1500000000000000000', 'a line of long ago']],
          },
        ],
      }),
    });
    assert.equal(refused.status, 400);
    await page.goto('logs?tab=rejected');
    await page.getByText('greater_than_max_sample_age').waitFor();
    await page.getByText('a line of long ago').first().waitFor();
    assert.deepEqual(errors, []);
    assert.deepEqual(await accessibilityProblems(page), []);
  });

  it('has the logs of the reference application', async () => {
    await eventually('the application wrote a line', 60_000, async () => {
      const { data } = await api('loki/api/v1/label/app/values');
      return data?.includes('progressive-framework-v5');
    });
    await page.goto(address('{app="progressive-framework-v5"} | json | user_action != ""'));
    await rows(page).first().waitFor();
    assert.deepEqual(errors, []);
  });
});
