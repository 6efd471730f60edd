import { useCallback, useEffect, useState } from 'react';

const smallestPx = 340;
/** Below the list: the toolbar that stands above it inside of the measured element, and the page's edge. */
const restPx = 58;

/** The height that a list has to the lower edge of the window, so that it alone scrolls. */
export function useListHeight() {
  const [element, setElement] = useState<HTMLElement | null>(null);
  const [height, setHeight] = useState(smallestPx);
  const ref = useCallback((made: HTMLElement | null) => setElement(made), []);
  useEffect(() => {
    if (!element) {
      return undefined;
    }
    const measure = () => {
      const top = element.getBoundingClientRect().top + window.scrollY;
      setHeight(Math.max(smallestPx, Math.floor(window.innerHeight - top - restPx)));
    };
    measure();
    // What stands above may grow: a query of several lines, the histogram.
    const size = new ResizeObserver(measure);
    size.observe(document.body);
    for (const sibling of document.querySelectorAll('main section')) {
      size.observe(sibling);
    }
    window.addEventListener('resize', measure);
    return () => {
      size.disconnect();
      window.removeEventListener('resize', measure);
    };
  }, [element]);
  return { ref, height };
}
