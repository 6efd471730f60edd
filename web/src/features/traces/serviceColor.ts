import { seriesColor } from '../../charts/palette';

/** The same colour for a service on every page, whatever other services there are. */
export function serviceColor(name: string): string {
  let state = 0x811c9dc5;
  for (let i = 0; i < name.length; i++) {
    state = Math.imul(state ^ name.charCodeAt(i), 0x01000193);
  }
  return seriesColor((state >>> 0) % 12);
}

/** Colours for the services of one page: each its own where possible, by its name first, the next free one where that is taken. */
export function serviceColors(names: readonly string[]): string[] {
  const taken = new Set<string>();
  return names.map((name) => {
    let color = serviceColor(name);
    for (let i = 0; taken.has(color) && i < 12; i++) {
      color = seriesColor((indexOf(color) + 1) % 12);
    }
    if (taken.size === 12) {
      return serviceColor(name);
    }
    taken.add(color);
    return color;
  });
}

function indexOf(color: string): number {
  for (let i = 0; i < 12; i++) {
    if (seriesColor(i) === color) {
      return i;
    }
  }
  return 0;
}
