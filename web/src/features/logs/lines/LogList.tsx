import {
  useCallback,
  useEffect,
  useLayoutEffect,
  useMemo,
  useState,
  useSyncExternalStore,
  type ReactNode,
} from 'react';

import { ListWindow } from '../../../shared/list/listWindow';
import type { LogEntry } from '../entries/entries';
import { copyText } from './copyText';
import { ColumnHeads } from './ColumnHeads';
import { useLineActions } from './lineActions';
import classes from './LogList.module.css';
import { LogRow } from './LogRow';
import { searchTerms } from '../entries/searchTerms';

interface Props {
  entries: LogEntry[];
  query: string;
  wrap: boolean;
  utc: boolean;
  /** Key of the entry that is marked and opened at first. */
  linked?: string;
  /** Stays at the end while entries arrive there. */
  follow?: 'top' | 'end';
  onNearEnd?: () => void;
  /** The reader has scrolled away from where new entries appear. */
  onLeave?: () => void;
  footer?: ReactNode;
}

/** So many rows before the end, the next page is asked for. */
const nearEndRows = 60;

/** Any number of lines, of which only those in view exist. One grid for the keyboard and for screen readers. */
export function LogList({ entries, query, wrap, utc, linked, follow, onNearEnd, onLeave, footer }: Props) {
  const [view] = useState(() => new ListWindow());
  const { first, last, topPx, totalPx, atTop, atEnd } = useSyncExternalStore(view.subscribe, view.snapshot);
  const { columns, showContext } = useLineActions();
  const [expanded, setExpanded] = useState<ReadonlySet<string>>(() => new Set(linked ? [linked] : []));
  const [active, setActive] = useState<string | null>(null);
  const terms = useMemo(() => searchTerms(query), [query]);

  const attach = useCallback((element: HTMLElement | null) => view.attach(element), [view]);
  const attachBlock = useCallback((element: HTMLElement | null) => view.attachBlock(element), [view]);

  useLayoutEffect(() => view.show(entries, wrap ? 'wrapped' : 'cut'), [view, entries, wrap]);

  // After every drawing: what was drawn is measured before it is painted.
  useLayoutEffect(() => {
    view.measure();
    if (follow === 'end') {
      view.toEnd();
    } else if (follow === 'top') {
      view.toTop();
    }
  });

  useEffect(() => {
    if (last > 0 && last >= entries.length - nearEndRows) {
      onNearEnd?.();
    }
  }, [last, entries.length, onNearEnd]);

  const left = follow === 'top' ? !atTop : follow === 'end' ? !atEnd : false;
  // Who reads a line does not want it to move away.
  const stay = () => {
    if (follow) {
      onLeave?.();
    }
  };
  const toggle = (key: string) => {
    stay();
    setExpanded((old) => {
      const next = new Set(old);
      if (!next.delete(key)) {
        next.add(key);
      }
      return next;
    });
  };

  const onKeyDown = (event: React.KeyboardEvent) => {
    if (event.target !== event.currentTarget || event.ctrlKey || event.metaKey || event.altKey) {
      return;
    }
    const at = active === null ? -1 : entries.findIndex(({ key }) => key === active);
    const page = Math.max(1, last - first - 24);
    const moves: Record<string, number> = {
      ArrowDown: at + 1,
      j: at + 1,
      ArrowUp: at - 1,
      k: at - 1,
      PageDown: at + page,
      PageUp: at - page,
      Home: 0,
      End: entries.length - 1,
    };
    const entry = entries[at];
    if (event.key in moves) {
      event.preventDefault();
      stay();
      const to = Math.min(entries.length - 1, Math.max(0, moves[event.key]));
      setActive(entries[to]?.key ?? null);
      view.reveal(to);
    } else if (entry && (event.key === 'Enter' || event.key === ' ')) {
      event.preventDefault();
      toggle(entry.key);
    } else if (entry && event.key === 'ArrowRight' && !expanded.has(entry.key)) {
      toggle(entry.key);
    } else if (entry && event.key === 'ArrowLeft' && expanded.has(entry.key)) {
      toggle(entry.key);
    } else if (entry && event.key === 'c') {
      copyText(entry.line, 'The line');
    } else if (entry && event.key === 'x') {
      showContext(entry);
    }
  };
  const activeAt = active === null ? -1 : entries.slice(first, last).findIndex(({ key }) => key === active);

  return (
    <div className={classes.frame}>
      {columns.length > 0 ? <ColumnHeads columns={columns} /> : null}
      <div
        ref={attach}
        className={classes.view}
        role="treegrid"
        aria-label="Log lines"
        aria-rowcount={entries.length}
        aria-activedescendant={activeAt < 0 ? undefined : `log-row-${first + activeAt}`}
        tabIndex={0}
        data-log-list
        onKeyDown={onKeyDown}
        onWheel={(event) => {
          if (follow && (follow === 'top' ? event.deltaY > 0 : event.deltaY < 0)) {
            onLeave?.();
          }
        }}
        onTouchMove={stay}
        onPointerDown={(event) => {
          // The scroll bar: the pointer is in the element but in none of its rows.
          if (follow && event.target === event.currentTarget && left) {
            onLeave?.();
          }
        }}
      >
        <div role="presentation" style={{ height: totalPx, position: 'relative' }}>
          <div
            ref={attachBlock}
            role="rowgroup"
            className={classes.block}
            style={{ transform: `translateY(${topPx}px)` }}
            data-wrap={wrap || undefined}
          >
            {entries.slice(first, last).map((entry, i) => (
              <LogRow
                key={entry.key}
                entry={entry}
                index={first + i}
                terms={terms}
                utc={utc}
                columns={columns}
                expanded={expanded.has(entry.key)}
                active={entry.key === active}
                linked={entry.key === linked}
                onToggle={toggle}
                onActivate={setActive}
              />
            ))}
          </div>
        </div>
        {footer ? (
          <div role="row" className={classes.footer}>
            <div role="gridcell">{footer}</div>
          </div>
        ) : null}
      </div>
    </div>
  );
}
