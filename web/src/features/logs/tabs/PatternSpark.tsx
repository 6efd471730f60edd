import { levelColors, type Level } from '../entries/levels';

const widthPx = 120;
const heightPx = 24;

/** Small bars: when the lines of a pattern came. The numbers beside it say how many. */
export function PatternSpark({ counts, level }: { counts: number[]; level: Level }) {
  const most = Math.max(1, ...counts);
  const step = widthPx / counts.length;
  return (
    <svg width={widthPx} height={heightPx} aria-hidden style={{ display: 'block' }}>
      {counts.map((count, i) =>
        count === 0 ? null : (
          <rect
            key={i}
            x={i * step}
            y={heightPx - Math.max(1.5, (count / most) * heightPx)}
            width={Math.max(1, step - 0.5)}
            height={Math.max(1.5, (count / most) * heightPx)}
            fill={levelColors[level]}
          />
        ),
      )}
    </svg>
  );
}
