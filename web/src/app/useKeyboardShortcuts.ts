import { useEffect, useRef } from 'react';
import { useNavigate } from 'react-router';

import { pages } from './pages';

const chordMs = 1200;

/** `g` then a letter opens a page, `/` focuses the page's search, `?` shows the keys. Typing is left alone. */
export function useKeyboardShortcuts(showCheatSheet: () => void): void {
  const navigate = useNavigate();
  // Outlives the renders between the two keys of a chord.
  const chordUntil = useRef(0);
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      if (event.ctrlKey || event.metaKey || event.altKey || isTyping(event.target)) {
        return;
      }
      const page =
        event.timeStamp < chordUntil.current
          ? pages.find((candidate) => candidate.chord === event.key)
          : undefined;
      chordUntil.current = event.key === 'g' ? event.timeStamp + chordMs : 0;
      if (page) {
        event.preventDefault();
        void navigate(page.path);
      } else if (event.key === '/') {
        const field = document.querySelector<HTMLElement>('[data-page-search], .cm-content');
        if (field) {
          event.preventDefault();
          field.focus();
        }
      } else if (event.key === '?') {
        showCheatSheet();
      }
    };
    window.addEventListener('keydown', onKey);
    return () => window.removeEventListener('keydown', onKey);
  }, [navigate, showCheatSheet]);
}

function isTyping(target: EventTarget | null): boolean {
  return (
    target instanceof HTMLElement &&
    (target.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName))
  );
}
