import { useEffect, useState, type RefObject } from 'react';

/** True while the element is on the screen or less than a few hundred pixels away from it. */
export function useNearViewport(ref: RefObject<HTMLElement | null>): boolean {
  const [near, setNear] = useState(false);
  useEffect(() => {
    if (!ref.current) {
      return undefined;
    }
    const observer = new IntersectionObserver(
      (entries) => setNear(entries[entries.length - 1].isIntersecting),
      {
        rootMargin: '250px',
      },
    );
    observer.observe(ref.current);
    return () => observer.disconnect();
  }, [ref]);
  return near;
}
