interface Props {
  points: [number, number | null][];
  color: string;
  faint?: boolean;
}

/** The course of a value behind it, without axes; decoration for the eye only. */
export function Sparkline({ points, color, faint = false }: Props) {
  const known = points.filter((point): point is [number, number] => point[1] !== null);
  if (known.length < 2) {
    return null;
  }
  const values = known.map(([, value]) => value);
  const low = Math.min(...values);
  const span = Math.max(...values) - low || 1;
  const start = known[0][0];
  const width = known[known.length - 1][0] - start || 1;
  const line = known
    .map(
      ([time, value]) =>
        `${(((time - start) / width) * 100).toFixed(2)},${(38 - ((value - low) / span) * 34).toFixed(2)}`,
    )
    .join(' ');
  return (
    <svg
      viewBox="0 0 100 40"
      preserveAspectRatio="none"
      aria-hidden
      style={{
        position: 'absolute',
        inset: 'auto 0 0 0',
        width: '100%',
        height: '45%',
        opacity: faint ? 0.35 : 1,
      }}
    >
      <polygon points={`0,40 ${line} 100,40`} fill={color} opacity={0.14} />
      <polyline
        points={line}
        fill="none"
        stroke={color}
        strokeWidth={1.5}
        vectorEffect="non-scaling-stroke"
      />
    </svg>
  );
}
