import { Group, SegmentedControl, Switch, Text } from '@mantine/core';
import {
  IconChevronDown,
  IconChevronsDown,
  IconChevronsUp,
  IconChevronUp,
  IconZoomReset,
} from '@tabler/icons-react';
import {
  useCallback,
  useEffect,
  useLayoutEffect,
  useMemo,
  useRef,
  useState,
  useSyncExternalStore,
} from 'react';

import type { Timeline } from '../../../api/traces';
import { IconButton } from '../../../shared/components/IconButton';
import { ListWindow } from '../../../shared/list/listWindow';
import { useListHeight } from '../../logs/useListHeight';
import { formatNs } from '../formatNs';
import { Minimap } from './Minimap';
import classes from './TimelineTab.module.css';
import {
  collapseAll,
  collapseLevel,
  expandLevel,
  pan,
  parentOf,
  reveal,
  rowMarks,
  ticks,
  visibleRows,
  wholeRange,
  zoom,
} from './timelineModel';
import { TimelineRow } from './TimelineRow';
import { useTraceKeys } from './useTraceKeys';

interface Props {
  timeline: Timeline;
  colors: string[];
  /** Rows that a search found. */
  found: ReadonlySet<number>;
  /** The row that a link or the search leads to; a new object leads there again. */
  target: { row: number; open: boolean } | null;
  onSearchFocus: () => void;
  onClearSearch: () => void;
}

const rowPx = 28;

/** Any number of spans, of which only those in view exist as elements. */
export function TimelineTab({ timeline, colors, found, target, onSearchFocus, onClearSearch }: Props) {
  const { rows } = timeline;
  const [view] = useState(() => new ListWindow(rowPx));
  const { first, last, topPx, totalPx } = useSyncExternalStore(view.subscribe, view.snapshot);
  const [collapsed, setCollapsed] = useState<ReadonlySet<number>>(() => new Set());
  const [open, setOpen] = useState<ReadonlySet<number>>(() => new Set());
  const [active, setActive] = useState<number | null>(null);
  const [range, setRange] = useState(wholeRange);
  const [critical, setCritical] = useState(true);
  const [nameWidth, setNameWidth] = useState('38%');
  const marks = useMemo(() => rowMarks(timeline), [timeline]);
  const visible = useMemo(() => visibleRows(rows, collapsed), [rows, collapsed]);
  const [layouts] = useState(() => new WeakMap<object, string>());
  const { ref: heightRef, height } = useListHeight();

  const attach = useCallback((element: HTMLElement | null) => view.attach(element), [view]);
  const attachBlock = useCallback((element: HTMLElement | null) => view.attachBlock(element), [view]);

  useLayoutEffect(() => {
    // Other rows have other heights: what was measured of the old ones does not count.
    const layout = layouts.get(visible) ?? String(Math.random());
    layouts.set(visible, layout);
    view.show(visible, layout);
  }, [view, visible, layouts]);
  useLayoutEffect(() => view.measure());

  const goTo = useCallback(
    (row: number, seen: ReadonlySet<number> = collapsed) => {
      const shown = reveal(rows, seen, row);
      setCollapsed(shown);
      setActive(row);
      // The rows of the new state are known only after it is drawn.
      requestAnimationFrame(() => view.reveal(visibleRows(rows, shown).indexOf(row)));
    },
    [rows, collapsed, view],
  );

  const [reached, setReached] = useState<Props['target']>(null);
  if (target && target !== reached) {
    setReached(target);
    setCollapsed(reveal(rows, collapsed, target.row));
    setActive(target.row);
    if (target.open) {
      setOpen(new Set(open).add(target.row));
    }
  }
  const latestVisible = useRef(visible);
  useEffect(() => {
    latestVisible.current = visible;
  });
  useEffect(() => {
    if (target) {
      view.reveal(latestVisible.current.indexOf(target.row));
    }
  }, [view, target]);

  const toggle = (set: typeof setOpen) => (row: number) =>
    set((old) => {
      const next = new Set(old);
      if (!next.delete(row)) {
        next.add(row);
      }
      return next;
    });
  const toggleOpen = useMemo(() => toggle(setOpen), []);
  const toggleCollapsed = useMemo(() => toggle(setCollapsed), []);

  const step = (by: number) => {
    const at = active === null ? -1 : visible.indexOf(active);
    const to = Math.min(visible.length - 1, Math.max(0, at < 0 ? first : at + by));
    goTo(visible[to]);
  };
  const scroll = (by: number) => {
    const element = document.querySelector('[data-trace-rows]');
    element?.scrollBy({ top: by * element.clientHeight * 0.8 });
  };
  useTraceKeys({
    scroll,
    step,
    pan: (by) => setRange((old) => pan(old, by)),
    zoom: (by) => setRange((old) => zoom(old, by)),
    collapseAll: () => setCollapsed(collapseAll(rows)),
    expandAll: () => setCollapsed(new Set()),
    collapseOne: () => setCollapsed((old) => collapseLevel(rows, old)),
    expandOne: () => setCollapsed((old) => expandLevel(rows, old)),
    search: onSearchFocus,
    clearSearch: onClearSearch,
  });

  const onKeyDown = (event: React.KeyboardEvent) => {
    if (
      event.target !== event.currentTarget ||
      event.ctrlKey ||
      event.metaKey ||
      event.altKey ||
      event.shiftKey
    ) {
      return;
    }
    const page = Math.max(1, last - first - 24);
    const moves: Record<string, () => void> = {
      ArrowDown: () => step(1),
      ArrowUp: () => step(-1),
      PageDown: () => step(page),
      PageUp: () => step(-page),
      Home: () => goTo(visible[0]),
      End: () => goTo(visible[visible.length - 1]),
    };
    const move = moves[event.key];
    if (move) {
      move();
    } else if (active !== null && (event.key === 'Enter' || event.key === ' ')) {
      toggleOpen(active);
    } else if (active !== null && event.key === 'ArrowRight') {
      if (collapsed.has(active)) {
        toggleCollapsed(active);
      } else if (rows.children[active] > 0) {
        goTo(active + 1);
      }
    } else if (active !== null && event.key === 'ArrowLeft') {
      const parent = parentOf(rows, active);
      if (rows.children[active] > 0 && !collapsed.has(active)) {
        toggleCollapsed(active);
      } else if (parent >= 0) {
        goTo(parent);
      }
    } else {
      return;
    }
    event.preventDefault();
    // The page's own keys mean zooming and panning by the arrows.
    event.nativeEvent.stopImmediatePropagation();
    event.stopPropagation();
  };

  const activeAt = active === null ? -1 : visible.slice(first, last).indexOf(active);
  const scale = ticks(range.from * timeline.durationNs, range.to * timeline.durationNs, 5);
  const partOf = (ns: number) =>
    ((ns / Math.max(1, timeline.durationNs) - range.from) / (range.to - range.from)) * 100;
  return (
    <div className={classes.tab} style={{ '--name-width': nameWidth } as React.CSSProperties}>
      <Minimap timeline={timeline} colors={colors} range={range} onChange={setRange} />
      <div className={classes.bar}>
        <Group gap={2} wrap="nowrap">
          <IconButton
            label="Open one level (o)"
            icon={IconChevronDown}
            onClick={() => setCollapsed((old) => expandLevel(rows, old))}
          />
          <IconButton
            label="Close one level (p)"
            icon={IconChevronUp}
            onClick={() => setCollapsed((old) => collapseLevel(rows, old))}
          />
          <IconButton label="Open all ([)" icon={IconChevronsDown} onClick={() => setCollapsed(new Set())} />
          <IconButton
            label="Close all (])"
            icon={IconChevronsUp}
            onClick={() => setCollapsed(collapseAll(rows))}
          />
          <IconButton
            label="Show the whole time"
            icon={IconZoomReset}
            disabled={range.from === 0 && range.to === 1}
            onClick={() => setRange(wholeRange)}
          />
        </Group>
        <Switch
          size="xs"
          label="Critical path"
          checked={critical}
          onChange={(event) => setCritical(event.currentTarget.checked)}
        />
        <SegmentedControl
          size="xs"
          visibleFrom="sm"
          aria-label="Width of the names"
          data={[
            { value: '24%', label: 'Bars' },
            { value: '38%', label: 'Both' },
            { value: '60%', label: 'Names' },
          ]}
          value={nameWidth}
          onChange={setNameWidth}
        />
        <Text size="xs" c="dimmed" ml="auto" className="tabular">
          {visible.length === rows.id.length
            ? `${visible.length} spans`
            : `${visible.length} of ${rows.id.length} spans`}
        </Text>
      </div>
      <div className={classes.scale} aria-hidden>
        <span className={classes.scaleName}>Service and operation</span>
        <span className={classes.scaleLane}>
          {scale.map((ns) => (
            <span key={ns} style={{ left: `${partOf(ns)}%` }}>
              {formatNs(ns)}
            </span>
          ))}
        </span>
      </div>
      <div ref={heightRef} style={{ height }}>
        <div
          ref={attach}
          className={classes.view}
          role="treegrid"
          aria-label="Spans"
          aria-rowcount={visible.length}
          aria-activedescendant={activeAt < 0 ? undefined : `span-row-${first + activeAt}`}
          tabIndex={0}
          data-trace-rows
          onKeyDown={onKeyDown}
        >
          <div role="presentation" style={{ height: totalPx, position: 'relative' }}>
            <div
              ref={attachBlock}
              role="rowgroup"
              className={classes.block}
              style={{ transform: `translateY(${topPx}px)` }}
            >
              {visible.slice(first, last).map((row, i) => (
                <TimelineRow
                  key={row}
                  timeline={timeline}
                  marks={marks}
                  row={row}
                  index={first + i}
                  color={colors[rows.service[row]]}
                  range={range}
                  collapsed={collapsed.has(row)}
                  open={open.has(row)}
                  active={row === active}
                  found={found.has(row)}
                  critical={critical}
                  onActivate={setActive}
                  onCollapse={toggleCollapsed}
                  onOpen={toggleOpen}
                />
              ))}
            </div>
          </div>
        </div>
      </div>
    </div>
  );
}
