import type { Answer, MockRequest } from './plugin';

const faults = [
  {
    name: 'agent-unresponsive',
    title: 'Agent unresponsive',
    description: 'The nutrition planner agent (NPA) stops answering, its scrapes time out.',
    active: false,
    target: 'npa',
  },
  {
    name: 'database-down',
    title: 'Database down',
    description: 'Every connection pool drops to zero.',
    active: false,
    target: null,
  },
  {
    name: 'server-errors',
    title: '5xx errors',
    description: 'One request in six fails with an internal error.',
    active: false,
    target: null,
  },
  {
    name: 'slow-responses',
    title: 'Slow responses',
    description: 'Requests take ten times as long.',
    active: false,
    target: null,
  },
];

let switchedAt = 0;
let messages: object[] = [];
const sent = new Set<string>();

/** How far the alert of "agent unresponsive" is, in the mock's quick motion. */
export function agentAlertState(): 'inactive' | 'pending' | 'firing' {
  if (!faults[0].active) {
    return 'inactive';
  }
  return Date.now() - switchedAt > 6000 ? 'firing' : 'pending';
}

function notify(status: 'firing' | 'resolved'): void {
  const at = new Date().toISOString();
  const resolved = status === 'resolved';
  const base = { receivedAt: at, status };
  messages = [
    {
      ...base,
      id: messages.length + 1,
      kind: 'slack',
      receiver: '#ai-agents-alerts',
      title: '🤖 AGENT CRITICAL 🤖',
      summary: 'Agent is unresponsive',
      payload: {
        channel: '#ai-agents-alerts',
        username: 'Pharos',
        attachments: [
          {
            color: resolved ? 'good' : 'danger',
            title: '🤖 AGENT CRITICAL 🤖',
            title_link: 'http://localhost:9093/#/alerts',
            text: '*Agent Issue:* Context agent is unresponsive\n*Agent:* `npa` at <http://127.0.0.1:8091/metrics|127.0.0.1:8091>\n*Since:* just now',
            fields: [
              { title: 'Severity', value: 'critical', short: true },
              { title: 'Team', value: 'ai-team', short: true },
            ],
          },
        ],
      },
    },
    {
      ...base,
      id: messages.length + 2,
      kind: 'pagerduty',
      receiver: 'PagerDuty',
      title: 'Agent is unresponsive',
      summary: resolved ? 'resolve' : 'trigger',
      payload: {
        routing_key: '<secret>',
        event_action: resolved ? 'resolve' : 'trigger',
        dedup_key: 'a3f1c97d0b',
        client: 'Pharos',
        client_url: 'http://localhost:9090/alerts',
        payload: {
          summary: 'Context agent is unresponsive',
          source: 'Pharos',
          severity: 'critical',
          custom_details: {
            firing: 'AgentUnresponsive npa 127.0.0.1:8091',
            num_firing: resolved ? '0' : '1',
          },
        },
      },
    },
    {
      ...base,
      id: messages.length + 3,
      kind: 'email',
      receiver: 'oncall@example.org',
      title: `[${status.toUpperCase()}] AgentUnresponsive`,
      summary: 'Context agent is unresponsive',
      payload: {
        headers: { From: 'alerts@example.org', To: 'oncall@example.org', Date: at },
        text: 'Context agent is unresponsive',
        html: '<h2 style="font-family:sans-serif">Context agent is unresponsive</h2><p>Agent <b>npa</b> has not answered for 2 minutes.</p>',
      },
    },
    {
      ...base,
      id: messages.length + 4,
      kind: 'webhook',
      receiver: 'team-hook',
      title: 'group',
      summary: '1 alert',
      payload: { version: '4', status, alerts: [{ status }] },
    },
    ...messages,
  ];
}

export function answerDemo({ method, path, body }: MockRequest): Answer {
  if (path === '/api/pharos/info') {
    return {
      json: {
        demo: true,
        version: '0.1.0',
        warnings: ['Job "kubernetes-pods": no cluster here, discovery is off.'],
      },
    };
  }
  if (path === '/api/pharos/demo/faults') {
    return { json: { faults } };
  }
  if (path.startsWith('/api/pharos/demo/faults/') && method === 'PUT') {
    const fault = faults.find((candidate) => path.endsWith(`/${candidate.name}`));
    if (!fault) {
      return { status: 404, json: { error: 'there is no such fault' } };
    }
    fault.active = (body as { active: boolean }).active;
    if (fault === faults[0]) {
      switchedAt = Date.now();
      if (!fault.active && sent.delete('firing')) {
        notify('resolved');
      }
    }
    return { json: fault };
  }
  if (path === '/api/pharos/demo/notifications') {
    if (method === 'DELETE') {
      messages = [];
    }
    if (agentAlertState() === 'firing' && !sent.has('firing')) {
      sent.add('firing');
      notify('firing');
    }
    return { json: { messages } };
  }
  if (path === '/api/pharos/notifications') {
    const record = {
      receiver: 'agents-critical',
      groupKey: '{}/{severity="critical"}:{alertname="AgentUnresponsive"}',
      tries: [],
    };
    const at = (secondsAgo: number) => new Date(Date.now() - secondsAgo * 1000).toISOString();
    return {
      json: {
        notifications: [
          {
            ...record,
            at: at(40),
            integration: 'slack[0]',
            reason: 'first notification',
            outcome: 'sent',
            attempts: 1,
            firing: 1,
            resolved: 0,
          },
          {
            ...record,
            at: at(40),
            integration: 'pagerduty[0]',
            reason: 'first notification',
            outcome: 'failed',
            attempts: 5,
            error: 'the service answered 503 Service Unavailable',
            firing: 1,
            resolved: 0,
          },
        ],
      },
    };
  }
  return undefined;
}
