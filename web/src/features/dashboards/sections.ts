import type { GridPos, Panel } from '../../api/dashboards';

export interface Section {
  /** The row panel that heads the section; null before the first row. */
  row: Panel | null;
  panels: Panel[];
}

/**
 * Cuts a dashboard into its rows. A row that carries its panels owns those; a row without any owns the
 * panels after it, up to the next row. Positions are counted from the top of the section.
 */
export function toSections(panels: Panel[]): Section[] {
  const ordered = [...panels].sort((a, b) => a.gridPos.y - b.gridPos.y || a.gridPos.x - b.gridPos.x);
  const sections: Section[] = [];
  for (const panel of ordered) {
    if (panel.type === 'row') {
      sections.push({ row: panel, panels: [...(panel.panels ?? [])] });
    } else {
      if (sections.length === 0) {
        sections.push({ row: null, panels: [] });
      }
      sections[sections.length - 1].panels.push(panel);
    }
  }
  return sections.map((section) => ({ row: section.row, panels: fromTop(section.panels) }));
}

function fromTop(panels: Panel[]): Panel[] {
  const top = Math.min(...panels.map((panel) => panel.gridPos.y));
  return panels.map((panel) => ({
    ...panel,
    gridPos: clamp({ ...panel.gridPos, y: panel.gridPos.y - top }),
  }));
}

function clamp(pos: GridPos): GridPos {
  const x = Math.min(Math.max(pos.x, 0), 23);
  return { x, y: pos.y, w: Math.min(Math.max(pos.w, 1), 24 - x), h: Math.max(pos.h, 1) };
}

/** Finds a panel by the id in `viewPanel`, which newer Grafana writes as `panel-3`. */
export function findPanel(panels: Panel[], viewPanel: string | null): Panel | null {
  const id = Number(viewPanel?.replace(/^panel-/, '') || Number.NaN);
  for (const panel of panels) {
    if (panel.id === id && panel.type !== 'row') {
      return panel;
    }
    const inside = panel.panels ? findPanel(panel.panels, viewPanel) : null;
    if (inside) {
      return inside;
    }
  }
  return null;
}
