import assert from 'node:assert/strict';
import { after, before, it } from 'node:test';

import { accessibilityProblems, api, inBrowser, openBrowser } from './browser.mjs';

inBrowser('silences', () => {
  let browser, page, errors;
  before(async () => ({ browser, page, errors } = await openBrowser()));
  after(() => browser?.close());

  it('are made, listed and expired', async () => {
    const comment = `browser test ${Date.now()}`;
    await page.goto('alerts');
    await page.getByRole('button', { name: 'New silence' }).click();
    await page.getByRole('textbox', { name: 'Label 1' }).fill('alertname');
    await page.getByRole('textbox', { name: 'Value 1' }).fill('NothingHasThisName');
    await page.getByLabel('Creator').fill('tester');
    await page.getByLabel('Comment').fill(comment);
    await page.getByText('Nothing that fires now matches').waitFor();
    await page.getByRole('button', { name: 'Silence', exact: true }).last().click();
    await page.getByText('Silenced', { exact: true }).first().waitFor();

    await page.goto('alerts?tab=silences');
    const row = page.locator('[data-silence]', { hasText: comment });
    await row.getByText('alertname="NothingHasThisName"').waitFor();
    await row.getByRole('button', { name: 'Expire' }).click();
    await page.getByText(comment).waitFor({ state: 'detached' });
    await page.getByText(/^Expired/).click();
    await page.getByText(comment).waitFor();
    assert.deepEqual(errors, []);
  });

  it('that come back are listed with their next window and removed', async () => {
    const comment = `recurring ${Date.now()}`;
    await send('api/pharos/silences/recurring', {
      matchers: [{ name: 'alertname', value: 'NothingHasThisName', isRegex: false }],
      timeIntervals: [{ weekdays: ['sunday:saturday'], times: [{ start_time: '00:00', end_time: '24:00' }] }],
      createdBy: 'tester',
      comment,
    });
    await page.goto('alerts?tab=silences&silence-state=recurring');
    const row = page.locator('[data-recurring]', { hasText: comment });
    await row.getByText('00:00-24:00 sunday:saturday UTC').waitFor();
    assert.deepEqual(await accessibilityProblems(page), []);
    await page.getByText(/^Active/).click();
    await page.locator('[data-silence]', { hasText: comment }).waitFor();
    await page.getByText(/^Recurring/).click();
    await row.getByRole('button', { name: 'Remove' }).click();
    await row.waitFor({ state: 'detached' });
    assert.deepEqual(errors, []);
  });

  it('show in the history of an alert, beside whom it was told to', async () => {
    const alertname = `BrowserTest${Date.now()}`;
    await send('api/v2/alerts', [{ labels: { alertname } }]);
    await page.goto(`alerts?silenced=true`);
    const row = page.locator(`[data-alert="${alertname}"]`);
    await row.getByRole('button', { name: 'History' }).click();
    await row.getByRole('listitem').getByText('firing', { exact: true }).waitFor();
    assert.deepEqual(await accessibilityProblems(page), []);
    await send('api/v2/alerts', [{ labels: { alertname }, endsAt: new Date().toISOString() }]);
    assert.deepEqual(errors, []);
  });
});

function send(path, body) {
  return api(path, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify(body),
  });
}
