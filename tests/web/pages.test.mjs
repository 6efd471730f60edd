import assert from 'node:assert/strict';
import { after, before, it } from 'node:test';

import { accessibilityProblems, inBrowser, openBrowser } from './browser.mjs';

const pages = [
  ['dashboards', 'Dashboards', 'Application Overview'],
  ['query', 'Query', 'Run'],
  ['logs', 'Logs', 'Begin with a'],
  ['logs?query={app%3D~".%2B"}', 'Logs', 'lines'],
  ['logs?tab=rejected', 'Logs', /No line was rejected|Counted since/],
  ['traces', 'Traces', /trace/],
  ['service-map', 'Service map', /^From$|No calls in this range/],
  ['alerts', 'Alerts', 'Silences'],
  ['alerts?tab=rules', 'Alerts', 'By rule'],
  ['alerts?tab=silences', 'Alerts', 'Expired'],
  ['rules', 'Rules', 'AgentUnresponsive'],
  ['targets', 'Targets', 'progressive-agents'],
  ['notifications', 'Notifications', 'History'],
  ['notifications?tab=history', 'Notifications', 'History'],
  ['demo', 'Demo', 'reference application'],
  ['status', 'Status', 'Version'],
  ['status?tab=tsdb', 'Status', 'Active series'],
  ['status?tab=flags', 'Status', /config\.file|Started without flags/],
  ['status?tab=config', 'Status', /scrape_configs|No configuration text/],
];

for (const colorScheme of ['light', 'dark']) {
  inBrowser(`every page, ${colorScheme}`, () => {
    let browser, page, errors;
    before(async () => ({ browser, page, errors } = await openBrowser({ colorScheme })));
    after(() => browser?.close());

    for (const [path, heading, words] of pages) {
      it(`${path} shows its content without an error`, async () => {
        errors.length = 0;
        await page.goto(path);
        await page.getByRole('heading', { level: 1, name: heading }).waitFor();
        await page.getByText(words).first().waitFor();
        await page.waitForLoadState('networkidle', { timeout: 3000 }).catch(() => undefined);
        assert.equal(await page.getByText('could not be read').count(), 0, 'a request failed');
        assert.deepEqual(errors, []);
        assert.deepEqual(await accessibilityProblems(page), []);
      });
    }
  });
}

inBrowser('keyboard', () => {
  let browser, page;
  before(async () => ({ browser, page } = await openBrowser()));
  after(() => browser?.close());

  it('opens pages by chords, the palette and the list of keys', async () => {
    await page.goto('dashboards');
    await page.getByRole('heading', { level: 1 }).waitFor();
    for (const [key, title] of [
      ['q', 'Query'],
      ['l', 'Logs'],
      ['c', 'Traces'],
      ['m', 'Service map'],
      ['a', 'Alerts'],
      ['t', 'Targets'],
      ['r', 'Rules'],
      ['d', 'Dashboards'],
    ]) {
      await page.keyboard.press('g');
      await page.keyboard.press(key);
      await page.getByRole('heading', { level: 1, name: title }).waitFor();
    }
    await page.keyboard.press('?');
    await page.getByRole('dialog', { name: 'Keyboard shortcuts' }).waitFor();
    await page.keyboard.press('Escape');
    await page.getByRole('dialog').waitFor({ state: 'detached' });
    await page.keyboard.press('Control+k');
    await page.getByPlaceholder('Go to a page or dashboard').fill('targets');
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { level: 1, name: 'Targets' }).waitFor();
  });

  it('focuses the search of the page', async () => {
    await page.goto('rules');
    await page.getByRole('heading', { level: 1, name: 'Rules' }).waitFor();
    await page.getByText('AgentUnresponsive').first().waitFor();
    await page.keyboard.press('/');
    await page.keyboard.type('SystemDown');
    await page.getByText('AgentUnresponsive').first().waitFor({ state: 'detached' });
    await page.waitForURL(/search=SystemDown/);
  });
});
