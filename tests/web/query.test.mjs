import assert from 'node:assert/strict';
import { after, before, it } from 'node:test';

import { accessibilityProblems, inBrowser, openBrowser } from './browser.mjs';

inBrowser('the query page', () => {
  let browser, page, errors;
  before(async () => ({ browser, page, errors } = await openBrowser()));
  after(() => browser?.close());

  it('completes a metric name, runs and shows a table', async () => {
    await page.goto('query');
    await page.locator('.cm-content').click();
    await page.keyboard.type('progressive_active', { delay: 30 });
    await page
      .locator('.cm-tooltip-autocomplete')
      .getByText('progressive_active_users_total')
      .first()
      .waitFor();
    await page.keyboard.press('Escape');
    await page.keyboard.type('_users_total');
    await page.keyboard.press('Escape');
    await page.keyboard.press('Enter');
    await page
      .getByRole('table', { name: 'Result' })
      .getByText('progressive_active_users_total')
      .first()
      .waitFor();
    assert.match(page.url(), /g0\.expr=progressive_active_users_total/);
    assert.deepEqual(errors, []);
  });

  it('draws a graph from a link of Prometheus', async () => {
    await page.goto('graph?g0.expr=up&g0.tab=0&g0.range_input=5m');
    await page.getByRole('figure', { name: /^up, [1-9]\d* series/ }).waitFor();
    await page.locator('label', { hasText: 'Stacked' }).click();
    await page.waitForURL(/display_mode=stacked/);
    assert.deepEqual(errors, []);
    assert.deepEqual(await accessibilityProblems(page), []);
  });

  it('says where an expression is wrong', async () => {
    await page.goto('query?g0.expr=sum(up&g0.tab=table');
    await page.getByText('The query failed').waitFor();
    await page.getByText(/parse error/).waitFor();
  });

  it('formats an expression', async () => {
    await page.goto('query?g0.expr=sum(rate(up[5m]))by(job)&g0.tab=table');
    await page.locator('.cm-content', { hasText: 'sum(rate' }).waitFor();
    await page.getByRole('button', { name: 'Format the expression' }).click();
    await page.locator('.cm-content', { hasText: /sum by \(job\)/ }).waitFor();
  });

  it('adds a panel beside the first and keeps both in the URL', async () => {
    await page.goto('query?g0.expr=up&g0.tab=table');
    await page.getByRole('button', { name: 'Add panel' }).click();
    await page.locator('.cm-content').nth(1).click();
    await page.keyboard.type('1 + 1');
    await page.keyboard.press('Enter');
    await page.waitForURL(/g1\.expr=1/);
    await page.getByText('2', { exact: true }).waitFor();
  });
});
