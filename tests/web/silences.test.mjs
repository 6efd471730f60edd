import assert from 'node:assert/strict';
import { after, before, it } from 'node:test';

import { inBrowser, openBrowser } from './browser.mjs';

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
});
