import { describe, expect, it } from 'vitest';

import type { Panel } from '../../api/dashboards';
import { findPanel, toSections } from './sections';

function panel(id: number, y: number, more: Partial<Panel> = {}): Panel {
  return { id, type: 'timeseries', title: `p${id}`, gridPos: { x: 0, y, w: 12, h: 8 }, ...more };
}

describe('toSections', () => {
  it('gives the panels after an open row to that row', () => {
    const sections = toSections([panel(1, 0), panel(2, 8, { type: 'row' }), panel(3, 9), panel(4, 17)]);
    expect(sections.map((s) => [s.row?.id ?? null, s.panels.map((p) => p.id)])).toEqual([
      [null, [1]],
      [2, [3, 4]],
    ]);
  });

  it('counts positions from the top of the section', () => {
    const sections = toSections([panel(2, 8, { type: 'row' }), panel(3, 9), panel(4, 17)]);
    expect(sections[0].panels.map((p) => p.gridPos.y)).toEqual([0, 8]);
  });

  it('takes the panels that a collapsed row carries', () => {
    const row = panel(5, 0, { type: 'row', collapsed: true, panels: [panel(6, 1)] });
    expect(toSections([row])[0].panels.map((p) => p.id)).toEqual([6]);
  });

  it('keeps panels inside the 24 columns', () => {
    const wide = panel(1, 0, { gridPos: { x: 20, y: 0, w: 12, h: 4 } });
    expect(toSections([wide])[0].panels[0].gridPos).toEqual({ x: 20, y: 0, w: 4, h: 4 });
  });
});

describe('findPanel', () => {
  const panels = [panel(1, 0), panel(2, 8, { type: 'row', panels: [panel(3, 9)] })];

  it('reads both spellings and looks into rows', () => {
    expect(findPanel(panels, '1')?.id).toBe(1);
    expect(findPanel(panels, 'panel-3')?.id).toBe(3);
  });

  it('finds nothing for a row, an unknown id or no id', () => {
    expect(findPanel(panels, '2')).toBeNull();
    expect(findPanel(panels, '9')).toBeNull();
    expect(findPanel(panels, null)).toBeNull();
  });
});
