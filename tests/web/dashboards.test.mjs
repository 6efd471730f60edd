import assert from 'node:assert/strict';
import { after, before, it } from 'node:test';

import { accessibilityProblems, api, eventually, inBrowser, openBrowser } from './browser.mjs';

// The demo promises data in every panel within 30 s of being ready; rates need two scrapes more.
const dataWithinMs = 60_000;

/** What a panel shows: data, or the words in their place. Runs in the page. */
function look(panel) {
  const canvas = panel.querySelector('canvas');
  if (canvas) {
    const { data } = canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height);
    let coloured = 0;
    for (let i = 0; i < data.length; i += 4) {
      const [low, high] = [
        Math.min(data[i], data[i + 1], data[i + 2]),
        Math.max(data[i], data[i + 1], data[i + 2]),
      ];
      coloured += data[i + 3] > 40 && high - low > 40 ? 1 : 0;
    }
    const series = Number(
      /, (\d+) series/.exec(panel.querySelector('[role=figure]').getAttribute('aria-label'))[1],
    );
    return { data: series > 0 && coloured > 20, words: `${series} series, ${coloured} coloured pixels` };
  }
  const rows = panel.querySelectorAll('tbody tr').length;
  const words = panel.innerText.replace(/\s+/g, ' ').trim();
  const tile = /\d|UP|DOWN/.test(words.replace(panel.getAttribute('aria-label'), ''));
  return { data: rows > 0 || (tile && !/No data|failed/.test(words)), words };
}

inBrowser('the dashboards of the pack', () => {
  let browser, page, errors;
  before(
    async () => ({ browser, page, errors } = await openBrowser({ viewport: { width: 1440, height: 1600 } })),
  );
  after(() => browser?.close());

  it('are listed and open from the list', async () => {
    await page.goto('dashboards');
    await page.getByRole('link', { name: /Context Agents/ }).click();
    await page.getByRole('heading', { level: 1, name: /Context Agents/ }).waitFor();
  });

  for (const title of ['Application Overview', 'Context Agents', 'Database Monitoring']) {
    it(`${title} shows data in every panel`, async () => {
      errors.length = 0;
      const { dashboards } = await api('api/pharos/dashboards');
      const { uid } = dashboards.find((dashboard) => dashboard.title.includes(title));
      const { panels } = await api(`api/pharos/dashboards/${uid}`);
      const drawn = panels.flatMap((panel) => (panel.type === 'row' ? panel.panels : [panel]));
      await page.goto(`d/${uid}?from=now-5m&to=now&refresh=5s`);
      for (const panel of drawn) {
        const card = page.locator(`[data-panel="${panel.id}"]`);
        await card.waitFor();
        let last = '';
        await eventually(`"${panel.title}" has data`, dataWithinMs, async () => {
          const seen = await card.evaluate(look);
          last = seen.words;
          return seen.data;
        }).catch((error) => assert.fail(`${error.message}; it shows: ${last}`));
      }
      assert.deepEqual(errors, []);
      assert.deepEqual(await accessibilityProblems(page), []);
    });
  }

  it('keep range, refresh and the viewed panel in the URL', async () => {
    const { dashboards } = await api('api/pharos/dashboards');
    const { uid } = dashboards.find((dashboard) => dashboard.title.includes('Application Overview'));
    await page.goto(`d/${uid}/any-slug?from=now-15m&to=now&viewPanel=3`);
    await page.locator('[data-panel="3"]').waitFor();
    assert.equal(await page.locator('[data-panel]').count(), 1);
    await page.getByRole('button', { name: 'Time range' }).click();
    await page.getByRole('button', { name: 'Last 30 minutes' }).click();
    await page.waitForURL(/from=now-30m/);
    await page.keyboard.press('Escape');
    await page.waitForURL((address) => !address.search.includes('viewPanel'));
    await eventually(
      'all panels are back',
      10_000,
      async () => (await page.locator('[data-panel]').count()) > 1,
    );
  });

  it('zoom by dragging over a chart', async () => {
    const { dashboards } = await api('api/pharos/dashboards');
    const { uid } = dashboards.find((dashboard) => dashboard.title.includes('Application Overview'));
    await page.goto(`d/${uid}?from=now-15m&to=now`);
    const chart = page.locator('[data-panel="3"] canvas');
    await chart.waitFor();
    const box = await chart.boundingBox();
    await page.mouse.move(box.x + box.width * 0.5, box.y + box.height / 2);
    await page.mouse.down();
    await page.mouse.move(box.x + box.width * 0.8, box.y + box.height / 2, { steps: 6 });
    await page.mouse.up();
    await page.waitForURL(/from=\d{13}&to=\d{13}/);
  });

  it('show a chart as a table by key, and back', async () => {
    const { dashboards } = await api('api/pharos/dashboards');
    const { uid } = dashboards.find((dashboard) => dashboard.title.includes('Application Overview'));
    await page.goto(`d/${uid}?viewPanel=3`);
    const figure = page.getByRole('figure', { name: /Request Rate/ });
    await figure.focus();
    await page.keyboard.press('t');
    await page
      .getByRole('region', { name: 'Request Rate' })
      .getByRole('columnheader', { name: 'Time' })
      .waitFor();
    await page.keyboard.press('t');
    await figure.waitFor();
  });
});
