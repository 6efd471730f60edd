import type { Panel, PanelDataRequest, PanelFrame } from '../src/api/dashboards';
import { seriesColor } from '../src/charts/palette';
import type { Answer, MockRequest } from './plugin';
import { wave } from './wave';

const thresholds = {
  mode: 'absolute',
  steps: [
    { value: null, color: '#73bf69' },
    { value: 60, color: '#fade2a' },
    { value: 80, color: '#f2495c' },
  ],
};

type MockPanel = Panel & { names: string[]; scale?: number };

function panel(
  id: number,
  type: Panel['type'],
  title: string,
  grid: number[],
  names: string[],
  more: Partial<MockPanel> = {},
): MockPanel {
  const [x, y, w, h] = grid;
  return {
    id,
    type,
    title,
    gridPos: { x, y, w, h },
    names,
    queries: [
      {
        refId: 'A',
        expr: `rate(${title.toLowerCase().replace(/\W+/g, '_')}_total[5m])`,
        legendFormat: '{{agent_type}}',
      },
    ],
    ...more,
    fieldConfig: {
      drawStyle: 'line',
      lineWidth: 1,
      fillOpacity: 10,
      thresholds,
      legend: { show: true, mode: 'list', placement: 'bottom', calcs: [] },
      tooltip: { mode: 'multi', sort: 'desc' },
      ...more.fieldConfig,
    },
  };
}

const row = (id: number, title: string, y: number, collapsed = false): MockPanel => ({
  ...panel(id, 'row', title, [0, y, 24, 1], []),
  collapsed,
});
const agents = ['mca', 'npa', 'wpa'];
const legendTable = {
  show: true,
  mode: 'table' as const,
  placement: 'right' as const,
  calcs: ['lastNotNull', 'max', 'mean'],
};

const boards: { uid: string; title: string; tags: string[]; panels: MockPanel[]; variables?: object[] }[] = [
  {
    uid: 'application-overview',
    title: 'Progressive-Framework-v5 - Application Overview',
    tags: ['progressive', 'application', 'overview'],
    panels: [
      panel(1, 'stat', 'System Health', [0, 0, 6, 8], ['127.0.0.1:8080']),
      panel(2, 'stat', 'Active Users', [6, 0, 6, 8], ['Active Users']),
      panel(
        3,
        'timeseries',
        'Request Rate',
        [12, 0, 12, 8],
        ['GET /api/users', 'POST /api/plans', 'GET /health'],
        { fieldConfig: { unit: 'reqps', axisLabel: 'req/sec', min: 0 } },
      ),
      panel(
        4,
        'timeseries',
        'Response Times',
        [0, 8, 12, 8],
        ['50th percentile', '95th percentile', '99th percentile'],
        { scale: 0.004, fieldConfig: { unit: 's', axisLabel: 'seconds', min: 0 } },
      ),
      panel(5, 'timeseries', 'Error Rate', [12, 8, 12, 8], [], {
        fieldConfig: { axisLabel: 'percentage', min: 0, max: 100 },
      }),
    ],
  },
  {
    uid: 'panel-types',
    title: 'Every panel type',
    tags: ['test'],
    variables: [
      {
        name: 'job',
        label: 'Job',
        type: 'query',
        multi: false,
        includeAll: false,
        options: agents.map((a) => ({ text: a, value: a })),
        current: ['mca'],
        hide: 0,
      },
      {
        name: 'agent',
        type: 'query',
        multi: true,
        includeAll: true,
        options: agents.map((a) => ({ text: a, value: a })),
        current: ['$__all'],
        hide: 0,
      },
      {
        name: 'filter',
        type: 'textbox',
        multi: false,
        includeAll: false,
        options: [],
        current: [''],
        hide: 0,
      },
    ],
    panels: [
      panel(1, 'gauge', 'CPU', [0, 0, 6, 6], ['cpu'], { fieldConfig: { unit: 'percent', min: 0, max: 100 } }),
      panel(2, 'bargauge', 'Disk', [6, 0, 6, 6], ['/', '/home', '/var', '/srv'], {
        fieldConfig: { unit: 'percent', max: 100 },
      }),
      panel(3, 'stat', 'Agents', [12, 0, 6, 6], agents, { fieldConfig: { colorModeStat: 'background' } }),
      panel(4, 'text', 'Notes', [18, 0, 6, 6], [], {
        text: {
          mode: 'markdown',
          content: '# Notes\nThis **board** shows:\n- every `type`\n- [docs](https://example.org)',
        },
      }),
      panel(5, 'timeseries', 'Stacked', [0, 6, 12, 8], agents, {
        scale: 1e6,
        fieldConfig: { unit: 'bytes', stacking: 'normal', fillOpacity: 40, legend: legendTable },
      }),
      panel(6, 'timeseries', 'Bars', [12, 6, 6, 8], ['requests'], {
        fieldConfig: { drawStyle: 'bars', fillOpacity: 80 },
      }),
      panel(7, 'timeseries', 'Thresholds', [18, 6, 6, 8], ['load'], {
        fieldConfig: { thresholdsStyle: 'line+area' },
        description: 'Areas behind the **line**.',
      }),
      row(8, 'Tables', 14),
      panel(9, 'table', 'Agent Health Status', [0, 15, 12, 8], agents),
      panel(10, 'unsupported', 'World map', [12, 15, 12, 8], [], { sourceType: 'geomap' }),
      {
        ...row(11, 'Folded', 23, true),
        panels: [
          panel(
            12,
            'timeseries',
            'Many series',
            [0, 24, 24, 10],
            Array.from({ length: 140 }, (_, i) => `series ${i}`),
            { fieldConfig: { fillOpacity: 0 } },
          ),
        ],
      },
    ],
  },
];

function frame(found: MockPanel, { from, to, width }: PanelDataRequest): PanelFrame {
  const executedQueries = (found.queries ?? []).map((query) => ({
    refId: query.refId,
    expr: query.expr,
    stepMs: 15_000,
  }));
  const scale = found.scale ?? 1;
  const value = (name: string, ms: number) => wave(found.title + name, ms) * scale;
  if (found.type === 'table') {
    return {
      kind: 'table',
      columns: [
        { name: 'Agent Type', type: 'string' },
        { name: 'Instance', type: 'string' },
        { name: 'Status', type: 'number' },
      ],
      rows: agents.map((agent, i) => [agent, `127.0.0.1:${8090 + i}`, 1]),
      executedQueries,
    };
  }
  if (found.type !== 'timeseries') {
    const health = found.title === 'System Health';
    return {
      kind: 'stat',
      tiles: found.names.map((name) => ({
        name,
        value: health ? 1 : value(name, to),
        text: health ? 'UP' : value(name, to).toFixed(0),
        color: health ? '#73bf69' : value(name, to) > 60 ? '#fade2a' : '#73bf69',
        spark: Array.from({ length: 40 }, (_, i): [number, number] => [
          from + ((to - from) * i) / 39,
          health ? 1 : value(name, from + ((to - from) * i) / 39),
        ]),
      })),
      executedQueries,
    };
  }
  const stepMs = Math.max(15_000, Math.round((to - from) / width / 1000) * 2000);
  const times = Array.from({ length: Math.floor((to - from) / stepMs) + 1 }, (_, i) => from + i * stepMs);
  const series = found.names.map((name, i) => {
    const values = times.map((time) =>
      name === 'npa' && (time / 60_000) % 20 < 2 ? null : value(name, time),
    );
    const known = values.filter((v) => v !== null);
    const calcs = {
      lastNotNull: known[known.length - 1],
      max: Math.max(...known),
      mean: known.reduce((a, b) => a + b, 0) / known.length,
    };
    return { name, values, color: seriesColor(i), unit: found.fieldConfig?.unit, calcs };
  });
  const noData =
    series.length > 0
      ? undefined
      : {
          reason: 'No series matches progressive_http_requests_total{status_code=~"5.."}.',
          hints: ['The metric exists, but no series has status_code 5xx: nothing has failed yet.'],
        };
  return { kind: 'series', stepMs, times, series, noData, executedQueries };
}

export function answerDashboards({ path, body }: MockRequest): Answer {
  if (path === '/api/pharos/dashboards') {
    return {
      json: {
        dashboards: boards.map(({ uid, title, tags }) => ({
          uid,
          title,
          tags,
          file: `dashboards/${uid}.json`,
        })),
      },
    };
  }
  const match = /^\/api\/pharos\/dashboards\/([^/]+)(?:\/panels\/(\d+)\/data)?$/.exec(path);
  if (!match) {
    return undefined;
  }
  const board = boards.find((candidate) => candidate.uid === match[1]);
  if (!board) {
    return { status: 404, json: { error: `there is no dashboard "${match[1]}"` } };
  }
  if (match[2] === undefined) {
    return { json: { ...board, refresh: '30s', time: { from: 'now-1h', to: 'now' } } };
  }
  const all = board.panels.flatMap((one) => [one, ...((one.panels ?? []) as MockPanel[])]);
  const found = all.find((candidate) => candidate.id === Number(match[2]));
  return found
    ? { json: frame(found, body as PanelDataRequest) }
    : { status: 404, json: { error: 'there is no such panel' } };
}
