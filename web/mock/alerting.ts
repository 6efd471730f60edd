import { agentAlertState } from './demo';
import type { Answer, MockRequest } from './plugin';

interface Silence {
  id: string;
  comment: string;
  createdBy: string;
  startsAt: string;
  endsAt: string;
  updatedAt: string;
  matchers: { name: string; value: string; isRegex: boolean; isEqual: boolean }[];
  status: { state: string };
}

const silences: Silence[] = [];
const start = Date.now() - 25 * 60_000;

function alerts() {
  const make = (
    labels: Record<string, string>,
    annotations: Record<string, string>,
    receiver: string,
    sinceMs: number,
  ) => {
    const silencedBy = silences
      .filter(
        (s) =>
          s.status.state === 'active' && s.matchers.every((m) => (labels[m.name] === m.value) === m.isEqual),
      )
      .map((s) => s.id);
    return {
      fingerprint: JSON.stringify(labels),
      labels,
      annotations,
      receivers: [{ name: receiver }],
      startsAt: new Date(sinceMs).toISOString(),
      updatedAt: new Date().toISOString(),
      endsAt: new Date(Date.now() + 240_000).toISOString(),
      generatorURL:
        'http://localhost:9090/graph?g0.expr=up%7Bjob%3D%22progressive-agents%22%7D+%3D%3D+0&g0.tab=1',
      status: {
        state: silencedBy.length > 0 ? 'suppressed' : 'active',
        silencedBy,
        inhibitedBy: [],
        mutedBy: [],
      },
    };
  };
  return [
    make(
      {
        alertname: 'HighMemoryUsage',
        severity: 'warning',
        team: 'devops',
        service: 'core-application',
        instance: '127.0.0.1:8080',
      },
      {
        summary: 'High memory usage',
        description: 'Resident memory is at 87% of the limit for more than 5 minutes.',
      },
      'warning-alerts',
      start,
    ),
    make(
      {
        alertname: 'DatabaseConnectionFailure',
        severity: 'critical',
        team: 'devops',
        service: 'database',
        database_type: 'mongodb',
      },
      {
        summary: 'Database connections failed',
        description: 'No active database connections for mongodb',
        runbook_url: 'https://docs.your-domain.com/runbooks/database-failure',
        dashboard_url: 'https://grafana.your-domain.com/d/database',
      },
      'database-critical',
      start + 600_000,
    ),
    ...(agentAlertState() === 'firing'
      ? [
          make(
            {
              alertname: 'AgentUnresponsive',
              severity: 'critical',
              team: 'ai-team',
              service: 'context-agents',
              agent_type: 'npa',
            },
            {
              summary: 'Context agent is unresponsive',
              description: 'Agent npa has not answered for 2 minutes',
            },
            'agents-critical',
            Date.now() - 30_000,
          ),
        ]
      : []),
  ];
}

function filtered(params: URLSearchParams) {
  const wanted = params.getAll('filter').map((text) => /^(\w+)(!?=~?)"(.*)"$/.exec(text));
  return alerts().filter(
    (alert) =>
      (params.get('silenced') === 'true' || alert.status.silencedBy.length === 0) &&
      wanted.every(
        (match) =>
          match === null ||
          ((alert.labels as Record<string, string>)[match[1]] === match[3]) !== match[2].startsWith('!'),
      ),
  );
}

export function answerAlerting({ method, path, params, body }: MockRequest): Answer {
  if (path === '/api/v2/alerts') {
    return { json: filtered(params) };
  }
  if (path === '/api/v2/alerts/groups') {
    return {
      json: filtered(params).map((alert) => ({
        labels: {
          alertname: alert.labels.alertname,
          severity: alert.labels.severity,
          service: alert.labels.service,
        },
        receiver: alert.receivers[0],
        alerts: [alert],
      })),
    };
  }
  if (path === '/api/v2/silences' && method === 'POST') {
    const id = `silence-${silences.length + 1}`;
    silences.push({
      ...(body as Silence),
      id,
      updatedAt: new Date().toISOString(),
      status: { state: 'active' },
    });
    return { json: { silenceID: id } };
  }
  if (path === '/api/v2/silences') {
    return { json: silences };
  }
  if (path === '/api/pharos/silences/recurring') {
    return { json: { recurringSilences: [] } };
  }
  if (path === '/api/pharos/alerts/history') {
    return { json: { transitions: [] } };
  }
  if (path.startsWith('/api/v2/silence/') && method === 'DELETE') {
    const silence = silences.find((candidate) => path.endsWith(`/${candidate.id}`));
    if (silence) {
      silence.status.state = 'expired';
      silence.endsAt = new Date().toISOString();
    }
    return { json: {} };
  }
  return undefined;
}
