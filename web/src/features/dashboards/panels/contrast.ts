type Rgb = [number, number, number];

/** Black or white, whichever reads better on the given #rrggbb. */
export function readableOn(background: string): string {
  const rgb = parse(background);
  return rgb && luminance(rgb) > 0.179 ? '#10151b' : '#fff';
}

/** Contrast that WCAG 1.4.3 asks of text: of large one (24 px, or 19 px bold), and of any other. */
export const largeText = 3;
const smallText = 4.5;

/**
 * A colour of a dashboard as the colour of text: moved towards black or white until it stands out from the
 * surface. Grafana's yellow on white would not.
 */
export function textColor(color: string, scheme: 'light' | 'dark', contrast = smallText): string {
  const rgb = parse(color);
  if (!rgb) {
    return color;
  }
  const surface = scheme === 'light' ? 1 : 0.0115;
  const towards = scheme === 'light' ? 0 : 255;
  for (let share = 0; share <= 1; share += 0.05) {
    const mixed = rgb.map((part) => part + (towards - part) * share) as Rgb;
    const [bright, dim] = [luminance(mixed), surface].sort((a, b) => b - a);
    if ((bright + 0.05) / (dim + 0.05) >= contrast) {
      return `#${mixed.map((part) => Math.round(part).toString(16).padStart(2, '0')).join('')}`;
    }
  }
  return color;
}

function parse(color: string): Rgb | null {
  const match = /^#([0-9a-f]{2})([0-9a-f]{2})([0-9a-f]{2})$/i.exec(color);
  return match ? (match.slice(1).map((hex) => parseInt(hex, 16)) as Rgb) : null;
}

function luminance(rgb: Rgb): number {
  const [red, green, blue] = rgb.map((part) => {
    const share = part / 255;
    return share <= 0.03928 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}
