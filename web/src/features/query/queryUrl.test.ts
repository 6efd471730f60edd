import { describe, expect, it } from 'vitest';

import { newPanel, readPanels, writePanels } from './queryUrl';

describe('readPanels', () => {
  it('reads the links that Prometheus puts into alerts', () => {
    const [panel] = readPanels(new URLSearchParams('g0.expr=up%20%3D%3D%200&g0.tab=1'));
    expect(panel).toEqual({ ...newPanel, expr: 'up == 0', tab: 'table' });
  });

  it('reads the old number of the graph tab and UTC moments', () => {
    const [panel] = readPanels(new URLSearchParams('g0.expr=up&g0.tab=0&g0.end_input=2026-03-18 14:37'));
    expect(panel.tab).toBe('graph');
    expect(panel.endMs).toBe(Date.UTC(2026, 2, 18, 14, 37));
  });

  it('starts with one empty panel', () => {
    expect(readPanels(new URLSearchParams())).toEqual([newPanel]);
  });
});

describe('writePanels', () => {
  it('survives a round trip', () => {
    const panels = [
      { ...newPanel, expr: 'rate(a[5m])', tab: 'graph' as const, range: '6h', step: '30', stacked: true },
      { ...newPanel, expr: 'b', endMs: Date.UTC(2026, 2, 18, 14, 37, 25) },
    ];
    expect(readPanels(writePanels(panels))).toEqual(panels);
  });
});
