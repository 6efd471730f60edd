import { UnstyledButton } from '@mantine/core';
import { IconChevronDown, IconChevronRight } from '@tabler/icons-react';
import { useState, type CSSProperties } from 'react';

import type { Panel } from '../../api/dashboards';
import classes from './DashboardSection.module.css';
import { PanelCard } from './PanelCard';
import type { PanelContext } from './panelContext';
import type { Section } from './sections';

/** One row of a dashboard: its heading, which folds it, and its panels on the 24-column grid. */
export function DashboardSection({ section, context }: { section: Section; context: PanelContext }) {
  const [open, setOpen] = useState(section.row?.collapsed !== true);
  const Chevron = open ? IconChevronDown : IconChevronRight;
  return (
    <section aria-label={section.row?.title}>
      {section.row ? (
        <UnstyledButton className={classes.heading} aria-expanded={open} onClick={() => setOpen(!open)}>
          <Chevron size={16} />
          {section.row.title || 'Row'}
          {open ? null : <span className={classes.count}>{panelCount(section.panels.length)}</span>}
        </UnstyledButton>
      ) : null}
      {open && section.panels.length > 0 ? (
        <div className={classes.grid}>
          {section.panels.map((panel) => (
            <div key={panel.id} className={classes.cell} style={cellStyle(panel)}>
              <PanelCard panel={panel} context={context} />
            </div>
          ))}
        </div>
      ) : null}
    </section>
  );
}

function panelCount(count: number): string {
  return count === 1 ? '1 panel' : `${count} panels`;
}

function cellStyle({ gridPos: { x, y, w, h } }: Panel): CSSProperties {
  return {
    '--column': `${x + 1} / span ${w}`,
    '--row': `${y + 1} / span ${h}`,
    '--height': `${h * 38 - 8}px`,
  } as CSSProperties;
}
