import assert from 'node:assert/strict';
import { after, before, it } from 'node:test';

import { accessibilityProblems, api, inBrowser, openBrowser, url } from './browser.mjs';

const shop = `shop-${Date.now()}`;
const huge = 100_000;
const pushed = 10_000;
const ids = { first: randomId(), second: randomId(), huge: randomId() };
const startMs = Date.now() - 120_000;

function randomId() {
  return Array.from({ length: 4 }, () =>
    Math.floor(Math.random() * 2 ** 32)
      .toString(16)
      .padStart(8, '0'),
  ).join('');
}

const spanId = (n) => n.toString(16).padStart(16, '0');
const ns = (ms) => `${Math.floor(ms)}${String(Math.round((ms % 1) * 1e6)).padStart(6, '0')}`;
const text = (key, value) => ({ key, value: { stringValue: value } });
const whole = (key, value) => ({ key, value: { intValue: String(value) } });

/** A span as OTLP's JSON has it; times are milliseconds after the start of the test's traces. */
function span(traceId, id, parent, name, from, length, more = {}) {
  return {
    traceId,
    spanId: spanId(id),
    parentSpanId: parent ? spanId(parent) : '',
    name,
    kind: parent ? 3 : 2,
    startTimeUnixNano: ns(startMs + from),
    endTimeUnixNano: ns(startMs + from + length),
    attributes: [text('cart', 'c-17'), whole('http.status_code', more.status ? 500 : 200)],
    ...more,
  };
}

const push = (service, spans) =>
  fetch(`${url}v1/traces`, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify({
      resourceSpans: [
        {
          resource: { attributes: [text('service.name', service)] },
          scopeSpans: [{ scope: { name: 'test' }, spans }],
        },
      ],
    }),
  });

async function pushTraces() {
  await push(shop, [
    span(ids.first, 1, 0, 'GET /cart', 0, 100),
    span(ids.first, 2, 1, 'render', 60, 30),
    span(ids.second, 1, 0, 'GET /cart', 60_000, 400),
    span(ids.second, 5, 1, 'audit', 60_300, 50),
  ]);
  await push(`${shop}-db`, [
    span(ids.first, 3, 1, 'SELECT', 10, 40),
    span(ids.second, 3, 1, 'SELECT', 60_010, 250, {
      status: { code: 2, message: 'deadlock' },
      events: [
        { timeUnixNano: ns(startMs + 60_100), name: 'retry', attributes: [text('reason', 'deadlock')] },
      ],
    }),
    span(ids.second, 4, 3, 'fetch', 60_020, 40),
  ]);
  await api('loki/api/v1/push', {
    method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify({
      streams: [
        {
          stream: { service_name: `${shop}-db` },
          values: [
            [
              ns(startMs + 60_100),
              `level=error msg="deadlock, trying again" trace_id=${ids.second} span_id=${spanId(3)}`,
            ],
            [
              ns(startMs + 60_030),
              `level=info msg="rows fetched" trace_id=${ids.second} span_id=${spanId(4)}`,
            ],
          ],
        },
      ],
    }),
  });
}

async function pushHugeTrace() {
  for (let from = 0; from < huge; from += pushed) {
    const answer = await push(
      `${shop}-huge`,
      Array.from({ length: pushed }, (_, i) => {
        const n = from + i + 1;
        const parent = n === 1 ? 0 : n <= 100 ? 1 : (n % 100) + 1;
        return {
          ...span(ids.huge, n, parent, `step ${n % 50}`, n / 1000, n === 1 ? 200 : 5),
          attributes: [],
        };
      }),
    );
    assert.equal(answer.status, 200);
  }
}

const metric = `test_${shop.replace('-', '_')}_seconds`;
const slowness = `histogram_quantile(0.95, sum by (le) (rate(${metric}_bucket[5m]))) > 0`;

/** A histogram that grows, with the slow span as the exemplar of its last growth. */
async function pushExemplar() {
  const point = (agoMs, count, exemplars) => ({
    startTimeUnixNano: ns(Date.now() - 600_000),
    timeUnixNano: ns(Date.now() - agoMs),
    count: String(count),
    sum: count * 0.25,
    explicitBounds: [0.1, 0.5],
    bucketCounts: ['0', String(count), '0'],
    exemplars,
  });
  const exemplar = {
    timeUnixNano: ns(Date.now() - 15_000),
    asDouble: 0.25,
    traceId: ids.second,
    spanId: spanId(3),
  };
  for (const dataPoint of [point(60_000, 5, []), point(30_000, 9, []), point(10_000, 14, [exemplar])]) {
    await api('api/v1/otlp/v1/metrics', {
      method: 'POST',
      headers: { 'Content-Type': 'application/json' },
      body: JSON.stringify({
        resourceMetrics: [
          {
            resource: { attributes: [text('service.name', shop)] },
            scopeMetrics: [
              {
                metrics: [
                  {
                    name: metric.replace(/_seconds$/, ''),
                    unit: 's',
                    histogram: { aggregationTemporality: 2, dataPoints: [dataPoint] },
                  },
                ],
              },
            ],
          },
        ],
      }),
    });
  }
}

const rows = (page) => page.locator('[data-trace-rows] [data-row]');
const active = (page) => page.locator('[data-trace-rows] [data-row][data-active]').getAttribute('data-row');

const probe = process.env.PHAROS_URL
  ? await fetch(`${url}v1/traces`, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json' },
      body: '{}',
    }).then(
      ({ status }) => status,
      () => 0,
    )
  : 200;

const hasMap = process.env.PHAROS_URL ? (await fetch(`${url}api/pharos/service-map`)).ok : false;

if (probe !== 200 && probe !== 400) {
  it('the pages of traces', { skip: 'the server takes no spans over OTLP' }, () => undefined);
} else {
  inBrowser('the pages of traces', () => {
    let browser, page, errors;
    before(async () => {
      await pushTraces();
      ({ browser, page, errors } = await openBrowser());
      await page.context().grantPermissions(['clipboard-read', 'clipboard-write']);
    });
    after(() => browser?.close());

    it('finds traces by service and by an attribute whose key and value are completed', async () => {
      await page.goto(`traces?service=${shop}`);
      await page.locator(`[data-trace="${ids.first}"]`).waitFor();
      assert.equal(await page.locator('[data-trace]').count(), 2);
      await page.getByRole('img', { name: 'Durations of 2 traces over time, 1 with errors' }).waitFor();
      await page.getByRole('combobox', { name: 'Attributes' }).fill('cart');
      await page.getByRole('option', { name: 'cart', exact: true }).click();
      await page.getByRole('option', { name: 'cart=c-17' }).click();
      await page.waitForURL(/attribute=cart%3Dc-17/);
      await page.locator(`[data-trace="${ids.second}"]`).waitFor();
      await page.getByRole('switch', { name: 'Errors only' }).click({ force: true });
      await page.locator(`[data-trace="${ids.first}"]`).waitFor({ state: 'detached' });
      await page.keyboard.press('Escape');
      await page.getByRole('heading', { level: 1 }).click();
      assert.deepEqual(errors, []);
      assert.deepEqual(await accessibilityProblems(page), []);
    });

    it('finds them without a service, in the order that was asked for', async () => {
      await page.goto(`traces?attribute=cart%3Dc-17&minDuration=90ms&sort=shortest`);
      await page.locator(`[data-trace="${ids.second}"]`).waitFor();
      const found = await page
        .locator('[data-trace]')
        .evaluateAll((all) => all.map((one) => one.dataset.trace));
      assert.ok(found.indexOf(ids.first) < found.indexOf(ids.second));
    });

    it('opens a trace, its rows in order, and what a span says', async () => {
      await page.goto(`traces?service=${shop}`);
      await page.locator(`[data-trace="${ids.second}"] a`).click();
      await page.getByRole('heading', { level: 1, name: `${shop}: GET /cart` }).waitFor();
      await page.getByRole('treegrid', { name: 'Spans' }).waitFor();
      const names = await rows(page).evaluateAll((all) =>
        all.map((row) => row.querySelector('[role=gridcell]').title),
      );
      assert.deepEqual(names, [
        `${shop}: GET /cart`,
        `${shop}-db: SELECT`,
        `${shop}-db: fetch`,
        `${shop}: audit`,
      ]);
      await rows(page).nth(1).click();
      const details = page.locator('[data-span]');
      await details.getByText('deadlock', { exact: true }).first().waitFor();
      await details.getByText('deadlock, trying again').waitFor();
      assert.equal(await details.getByText('rows fetched').count(), 0);
      await details.getByRole('region', { name: 'Events' }).getByText('retry').waitFor();
      assert.deepEqual(errors, []);
      assert.deepEqual(await accessibilityProblems(page), []);
    });

    it("leads from a span's lines to the page of logs", async () => {
      await page.getByRole('link', { name: 'Open in Logs' }).click();
      await page.getByRole('heading', { level: 1, name: 'Logs' }).waitFor();
      await page.locator('[data-log-list]').getByText('deadlock, trying again').first().waitFor();
      assert.deepEqual(errors, []);
    });

    it('is moved through by keys', async () => {
      await page.goto(`traces/${ids.second}`);
      await rows(page).nth(3).waitFor();
      await page.keyboard.press(']');
      assert.equal(await rows(page).count(), 1);
      await page.keyboard.press('o');
      assert.equal(await rows(page).count(), 3);
      await page.keyboard.press('[');
      assert.equal(await rows(page).count(), 4);
      await page.keyboard.press('p');
      assert.equal(await rows(page).count(), 3);
      await page.keyboard.press('[');
      await page.keyboard.press('f');
      await page.keyboard.press('f');
      assert.equal(await active(page), '1');
      const shown = page.getByRole('slider', { name: 'Shown part of the trace' });
      assert.match(await shown.getAttribute('aria-valuetext'), /^0µs to 400ms/);
      await page.keyboard.press('ArrowUp');
      assert.doesNotMatch(await shown.getAttribute('aria-valuetext'), /^0µs/);
      await page.locator('[data-trace-rows]').focus();
      await page.keyboard.press('ArrowDown');
      assert.equal(await active(page), '2');
      await page.keyboard.press('ArrowLeft');
      assert.equal(await active(page), '1');
      await page.keyboard.press('ArrowLeft');
      assert.equal(await rows(page).count(), 3);
      await page.keyboard.press('Enter');
      await page.locator('[data-span]').waitFor();
    });

    it('finds places in a trace, one after the other, also in what is closed', async () => {
      await page.goto(`traces/${ids.second}`);
      await rows(page).nth(3).waitFor();
      await page.keyboard.press(']');
      await page.keyboard.press('Control+b');
      await page.keyboard.type('http.status_code=200');
      await page.keyboard.press('Enter');
      await page.getByText('1 of 3').waitFor();
      assert.equal(await active(page), '0');
      await page.getByRole('button', { name: 'Next place' }).click();
      await page.getByText('2 of 3').waitFor();
      assert.equal(await active(page), '2');
      await page.getByRole('button', { name: 'Previous place' }).click();
      await page.getByText('1 of 3').waitFor();
      assert.deepEqual(errors, []);
    });

    for (const [tab, words] of [
      ['flame', 'SELECT'],
      ['statistics', 'Self total'],
      ['spans', 'audit'],
    ]) {
      it(`shows the same trace as ${tab}`, async () => {
        await page.goto(`traces/${ids.second}?tab=${tab}`);
        await page.getByText(words).first().waitFor();
        assert.deepEqual(errors, []);
        assert.deepEqual(await accessibilityProblems(page), []);
      });
    }

    it('opens a span of the table in the timeline', async () => {
      await page.goto(`traces/${ids.second}?tab=spans`);
      await page.locator('[data-span-table]').getByText('audit').click();
      await page.locator(`[data-span="${spanId(5)}"]`).waitFor();
      assert.equal(await active(page), '3');
    });

    it('compares two traces that were chosen in the list', async () => {
      await page.goto(`traces?service=${shop}`);
      for (const id of [ids.first, ids.second]) {
        await page.locator(`[data-trace="${id}"]`).getByRole('checkbox').check();
      }
      await page.getByRole('link', { name: 'Compare the two' }).click();
      await page.waitForURL(`**/traces/${ids.first}...${ids.second}`);
      await page.locator('[data-difference="onlyA"]', { hasText: 'render' }).waitFor();
      await page.locator('[data-difference="onlyB"]', { hasText: 'audit' }).waitFor();
      assert.deepEqual(errors, []);
      assert.deepEqual(await accessibilityProblems(page), []);
    });

    it(
      'draws the services and their calls',
      { skip: hasMap ? false : 'the server has no service map' },
      async () => {
        await page.goto('service-map');
        await page.getByRole('heading', { level: 1, name: 'Service map' }).waitFor();
        await page.locator('[data-service-map], :text("No calls in this range")').first().waitFor();
        assert.deepEqual(errors, []);
        assert.deepEqual(await accessibilityProblems(page), []);
      },
    );

    it('says what is missing', async () => {
      await page.goto(`traces/${randomId()}`);
      await page.getByText('This trace is not stored').waitFor();
      errors.length = 0;
    });

    it('is dark, and narrow', async () => {
      const narrow = await openBrowser({ colorScheme: 'dark', viewport: { width: 400, height: 800 } });
      try {
        for (const path of [
          `traces?service=${shop}`,
          `traces/${ids.second}`,
          `traces/${ids.first}...${ids.second}`,
        ]) {
          await narrow.page.goto(path);
          await narrow.page.getByRole('heading', { level: 1 }).waitFor();
          await narrow.page.waitForLoadState('networkidle', { timeout: 3000 }).catch(() => undefined);
          const over = await narrow.page.evaluate(
            () => document.documentElement.scrollWidth - document.documentElement.clientWidth,
          );
          assert.ok(over <= 0, `${path} is ${over} px too wide`);
          assert.deepEqual(await accessibilityProblems(narrow.page), []);
        }
        assert.deepEqual(narrow.errors, []);
      } finally {
        await narrow.browser.close();
      }
    });

    it('leads from an alert by three clicks to its graph, the trace of an exemplar and the lines of its span', async () => {
      await pushExemplar();
      await api('api/v2/alerts', {
        method: 'POST',
        headers: { 'Content-Type': 'application/json' },
        body: JSON.stringify([
          {
            labels: { alertname: 'SlowCarts', service: shop, severity: 'warning' },
            annotations: { summary: `Carts of ${shop} are slow` },
            generatorURL: `http://pharos/graph?${new URLSearchParams({ 'g0.expr': slowness, 'g0.tab': '1' })}`,
          },
        ]),
      });
      await page.goto(`alerts?refresh=5s`);
      const alert = page.locator('[data-alert="SlowCarts"]', { hasText: shop });
      await alert.getByRole('link', { name: 'Graph' }).click();
      await page.locator('[data-exemplar]').first().click();
      await page
        .locator(`[data-span="${spanId(3)}"]`)
        .getByText('deadlock, trying again')
        .waitFor();
      await page.getByRole('link', { name: 'Open in Logs' }).click();
      await page.locator('[data-log-list]').getByText('deadlock, trying again').first().waitFor();
      assert.deepEqual(errors, []);
    });

    it('opens a trace of a hundred thousand spans and scrolls to its end', { timeout: 240_000 }, async () => {
      await pushHugeTrace();
      await page.goto(`traces/${ids.huge}`);
      await page.getByText('100000 spans').first().waitFor({ timeout: 60_000 });
      await rows(page).first().waitFor();
      const seen = await page.evaluate(async () => {
        const list = document.querySelector('[data-trace-rows]');
        let most = 0;
        const frame = () => new Promise((resolve) => requestAnimationFrame(resolve));
        for (let i = 0; i <= 200; i++) {
          list.scrollTop = (i / 200) * list.scrollHeight;
          await frame();
          most = Math.max(most, list.querySelectorAll('[data-row]').length);
        }
        await frame();
        await frame();
        const all = [...list.querySelectorAll('[data-row]')];
        return {
          most,
          last: all.at(-1).getAttribute('aria-rowindex'),
          count: list.getAttribute('aria-rowcount'),
        };
      });
      assert.equal(seen.count, String(huge));
      assert.equal(seen.last, String(huge));
      assert.ok(seen.most > 10 && seen.most < 150, `${seen.most} rows are elements of the page`);
      assert.deepEqual(errors, []);
    });
  });
}
