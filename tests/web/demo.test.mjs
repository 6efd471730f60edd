import assert from 'node:assert/strict';
import { after, before, it } from 'node:test';

import { api, eventually, inBrowser, openBrowser } from './browser.mjs';

const fault = 'agent-unresponsive';
// A scrape, an evaluation, the rule's `for` of two minutes, group_wait and the sending, with air for a busy machine.
const firesWithinMs = 210_000;
const resolvesWithinMs = 90_000;

const agentRule = async () => {
  const { data } = await api('api/v1/rules?type=alert');
  return data.groups.flatMap((group) => group.rules).find((rule) => rule.name === 'AgentUnresponsive');
};

inBrowser('the demo, from a fault to its messages and back', () => {
  let browser, page, errors;
  before(async () => {
    ({ browser, page, errors } = await openBrowser());
    await api('api/pharos/demo/notifications', { method: 'DELETE' });
  });
  after(async () => {
    await api(`api/pharos/demo/faults/${fault}`, {
      method: 'PUT',
      headers: { 'Content-Type': 'application/json' },
      body: '{"active":false}',
    });
    await browser?.close();
  });

  it('switches the fault on', async () => {
    await page.goto('demo');
    const card = page.locator(`[data-fault="${fault}"]`);
    await card.getByRole('switch').click();
    await card.getByText('on', { exact: true }).waitFor();
    await eventually('the application took the switch', 10_000, async () => {
      const { faults } = await api('api/pharos/demo/faults');
      return faults.find((candidate) => candidate.name === fault).active;
    });
  });

  it('shows the alert pending', async () => {
    await eventually(
      'AgentUnresponsive is pending',
      60_000,
      async () => (await agentRule()).state === 'pending',
    );
    await page.goto('alerts?tab=rules&refresh=5s');
    await page.getByText('AgentUnresponsive').first().waitFor();
    await page.getByText('pending').first().waitFor();
  });

  it('shows the unhealthy target', async () => {
    await page.goto('targets?health=unhealthy');
    await page.getByText('progressive-agents').first().waitFor();
    await page.getByText('down', { exact: true }).first().waitFor();
  });

  it('shows the alert firing, routed to its receivers', async () => {
    await eventually(
      'AgentUnresponsive fires',
      firesWithinMs,
      async () => (await agentRule()).state === 'firing',
    );
    await page.goto('alerts');
    await page.locator('[data-alert="AgentUnresponsive"]').first().waitFor();
    await page.getByText('agents-critical').first().waitFor();
  });

  it('shows the Slack message and the PagerDuty event', async () => {
    await page.goto('notifications?refresh=5s');
    const slack = page.locator('[data-kind="slack"][data-status="firing"]', { hasText: '#ai-agents-alerts' });
    await slack.first().waitFor({ timeout: 60_000 });
    assert.match(await slack.first().innerText(), /AGENT CRITICAL/);
    const event = page.locator('[data-kind="pagerduty"][data-status="firing"]').first();
    await event.waitFor({ timeout: 60_000 });
    await event.getByText('trigger', { exact: true }).waitFor();
  });

  it('shows the history of what was sent', async () => {
    await page.goto('notifications?tab=history');
    await page.getByText('agents-critical').first().waitFor();
  });

  it('shows the resolved messages once the fault is off', async () => {
    await page.goto('demo');
    const card = page.locator(`[data-fault="${fault}"]`);
    await card.getByRole('switch').click();
    await card.getByText('off', { exact: true }).waitFor();
    await page.goto('notifications?refresh=5s');
    const resolved = (kind) => page.locator(`[data-kind="${kind}"][data-status="resolved"]`).first();
    await resolved('slack').waitFor({ timeout: resolvesWithinMs });
    await resolved('pagerduty').getByText('resolve', { exact: true }).waitFor({ timeout: resolvesWithinMs });
    assert.deepEqual(errors, []);
  });
});
