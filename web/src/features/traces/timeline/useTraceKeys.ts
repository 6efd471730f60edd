import { useEffect, useRef } from 'react';

export interface TraceKeyActions {
  /** In heights of the view. */
  scroll: (by: number) => void;
  step: (by: number) => void;
  /** In widths of what is shown. */
  pan: (by: number) => void;
  zoom: (by: number) => void;
  collapseAll: () => void;
  expandAll: () => void;
  collapseOne: () => void;
  expandOne: () => void;
  search: () => void;
  clearSearch: () => void;
}

const slow = 0.1;
const fast = 0.5;

/** The keys of Jaeger's timeline. Arrows zoom and pan unless the rows have the focus, where they move through them. */
export function useTraceKeys(actions: TraceKeyActions): void {
  const latest = useRef(actions);
  useEffect(() => {
    latest.current = actions;
  });
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      const act = latest.current;
      if (event.ctrlKey && event.key === 'b') {
        event.preventDefault();
        act.search();
        return;
      }
      if (event.ctrlKey || event.metaKey || event.altKey || isBusy(event.target)) {
        return;
      }
      const way = event.shiftKey ? fast : slow;
      const keys: Record<string, () => void> = {
        s: () => act.scroll(1),
        w: () => act.scroll(-1),
        f: () => act.step(1),
        b: () => act.step(-1),
        a: () => act.pan(-way),
        d: () => act.pan(way),
        arrowleft: () => act.pan(-way),
        arrowright: () => act.pan(way),
        arrowup: () => act.zoom(1 + 2 * way),
        arrowdown: () => act.zoom(1 / (1 + 2 * way)),
        ']': act.collapseAll,
        '[': act.expandAll,
        p: act.collapseOne,
        o: act.expandOne,
        escape: act.clearSearch,
      };
      const key = keys[event.key.toLowerCase()];
      if (key) {
        event.preventDefault();
        key();
      }
    };
    window.addEventListener('keydown', onKey);
    return () => window.removeEventListener('keydown', onKey);
  }, []);
}

/** Whoever types, or moves through a menu, tabs or choices, means those by the keys. */
function isBusy(target: EventTarget | null): boolean {
  return (
    target instanceof HTMLElement &&
    (target.isContentEditable ||
      /^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName) ||
      target.closest(
        '[role=tab], [role=menu], [role=listbox], [role=dialog], [role=slider], [role=figure]',
      ) !== null)
  );
}
