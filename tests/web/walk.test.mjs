// The walk that traces are for, in the demo's own application: what it says is slow leads to why it was.
import assert from 'node:assert/strict';
import { after, before, it } from 'node:test';

import { api, eventually, inBrowser, openBrowser } from './browser.mjs';

const fault = 'slow-responses';

const switchFault = (active) =>
  api(`api/pharos/demo/faults/${fault}`, {
    method: 'PUT',
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify({ active }),
  });

inBrowser('from a firing latency alert', () => {
  let browser, page, errors;
  before(async () => {
    await switchFault(true);
    ({ browser, page, errors } = await openBrowser());
  });
  after(async () => {
    await switchFault(false);
    await browser?.close();
  });

  it('three clicks lead to the lines of the request', { timeout: 400_000 }, async () => {
    await eventually('HighResponseTime fires', 300_000, async () => {
      const { data } = await api('api/v1/alerts');
      return data.alerts.some(
        ({ labels, state }) => labels.alertname === 'HighResponseTime' && state === 'firing',
      );
    });
    await page.goto('alerts');
    const alert = page.locator('[data-alert="HighResponseTime"]').first();
    await alert.getByRole('link', { name: 'Graph' }).click();
    await page.locator('[data-exemplar]').last().click();
    await page.getByText('http.response.status_code').waitFor();
    const trace = new URL(page.url()).pathname.split('/').at(-1);
    const lines = await api(
      `loki/api/v1/query_range?${new URLSearchParams({ query: `{service_name=~".+"} | trace_id="${trace}"`, since: '15m' })}`,
    );
    assert.ok(lines.data.result.length > 0, `${trace} has lines`);
    const spans = (await api(`api/traces/${trace}`)).data[0].spans;
    assert.ok(Math.max(...spans.map(({ duration }) => duration)) > 1_000_000, `${trace} took over a second`);
    await page.getByRole('link', { name: 'Open in Logs' }).click();
    await page.locator('[data-log-list]').getByText(trace).first().waitFor();
    assert.deepEqual(errors, []);
  });
});
