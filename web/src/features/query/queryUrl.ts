export interface QueryPanelState {
  expr: string;
  tab: 'table' | 'graph';
  /** Length of the graph's range, a Prometheus duration. */
  range: string;
  /** End of the range, or the moment of the table; null is now. */
  endMs: number | null;
  /** Step between points, a duration or seconds; empty chooses by itself. */
  step: string;
  stacked: boolean;
}

export const newPanel: QueryPanelState = {
  expr: '',
  tab: 'table',
  range: '1h',
  endMs: null,
  step: '',
  stacked: false,
};

const panelLimit = 20;

/** Reads the panels from the URL, in the names and spellings of Prometheus' own links, old and new. */
export function readPanels(params: URLSearchParams): QueryPanelState[] {
  const panels: QueryPanelState[] = [];
  for (let i = 0; i < panelLimit; i++) {
    const get = (name: string) => params.get(`g${i}.${name}`);
    const expr = get('expr');
    if (expr === null) {
      break;
    }
    const tab = get('tab');
    panels.push({
      expr,
      tab: tab === 'graph' || tab === '0' ? 'graph' : 'table',
      range: get('range_input') || newPanel.range,
      endMs: readMoment(get('end_input') || get('moment_input')),
      step: get('step_input') ?? '',
      stacked: get('stacked') === '1' || get('display_mode') === 'stacked',
    });
  }
  return panels.length > 0 ? panels : [newPanel];
}

export function writePanels(panels: QueryPanelState[]): URLSearchParams {
  const params = new URLSearchParams();
  panels.forEach((panel, i) => {
    params.set(`g${i}.expr`, panel.expr);
    params.set(`g${i}.tab`, panel.tab);
    params.set(`g${i}.range_input`, panel.range);
    if (panel.endMs !== null) {
      params.set(`g${i}.end_input`, new Date(panel.endMs).toISOString().slice(0, 19).replace('T', ' '));
    }
    if (panel.step !== '') {
      params.set(`g${i}.step_input`, panel.step);
    }
    if (panel.stacked) {
      params.set(`g${i}.display_mode`, 'stacked');
    }
  });
  return params;
}

/** Prometheus writes UTC without saying so: `2026-03-18 14:37:25`, older versions without seconds. */
function readMoment(text: string | null): number | null {
  if (!text || !/^\d{4}-\d\d-\d\d \d\d:\d\d(:\d\d)?$/.test(text)) {
    return null;
  }
  const ms = Date.parse(`${text.replace(' ', 'T')}Z`);
  return Number.isNaN(ms) ? null : ms;
}
