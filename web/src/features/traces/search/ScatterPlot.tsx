import { useElementSize } from '@mantine/hooks';
import { useMemo, useState } from 'react';
import { useNavigate } from 'react-router';

import type { TimeSpanMs, TraceSummary } from '../../../api/traces';
import { traceLink } from '../../../shared/links';
import { formatDateTime } from '../../../shared/time/formatTime';
import { formatNs } from '../formatNs';
import { heightOf, scatterPoints, scatterScale, type ScatterPoint } from './scatter';
import classes from './ScatterPlot.module.css';

interface Props {
  traces: TraceSummary[];
  time: TimeSpanMs;
  onZoom: (fromMs: number, toMs: number) => void;
}

const heightPx = 190;
const edges = { left: 62, right: 16, top: 12, bottom: 22 };

/** Duration over time; size is the number of spans, red has errors. The list below says the same in words. */
export function ScatterPlot({ traces, time, onZoom }: Props) {
  const { ref, width } = useElementSize();
  const navigate = useNavigate();
  const [near, setNear] = useState<ScatterPoint | null>(null);
  const [drag, setDrag] = useState<{ from: number; to: number } | null>(null);
  const scale = useMemo(() => scatterScale(traces), [traces]);
  const points = useMemo(
    () => scatterPoints(traces, scale, time.fromMs, time.toMs),
    [traces, scale, time.fromMs, time.toMs],
  );
  const innerWidth = Math.max(10, width - edges.left - edges.right);
  const innerHeight = heightPx - edges.top - edges.bottom;
  const x = (part: number) => edges.left + part * innerWidth;
  const y = (part: number) => edges.top + (1 - part) * innerHeight;
  const times = [0, 0.25, 0.5, 0.75, 1].filter((_, i) => width > 560 || i % 2 === 0);
  const partAt = (event: React.PointerEvent) => {
    const box = event.currentTarget.getBoundingClientRect();
    return Math.min(1, Math.max(0, (event.clientX - box.left - edges.left) / innerWidth));
  };
  const failed = traces.filter(({ errors }) => errors > 0).length;
  return (
    <div ref={ref} className={classes.plot}>
      <svg
        width={width}
        height={heightPx}
        role="img"
        aria-label={`Durations of ${traces.length} traces over time, ${failed} with errors`}
        onPointerDown={(event) => {
          if (!(event.target as Element).matches('circle')) {
            event.currentTarget.setPointerCapture(event.pointerId);
            setDrag({ from: partAt(event), to: partAt(event) });
          }
        }}
        onPointerMove={(event) => {
          if (drag) {
            setDrag({ ...drag, to: partAt(event) });
          }
        }}
        onPointerUp={() => {
          if (drag && Math.abs(drag.to - drag.from) > 0.01) {
            const ms = (part: number) => Math.round(time.fromMs + part * (time.toMs - time.fromMs));
            onZoom(ms(Math.min(drag.from, drag.to)), ms(Math.max(drag.from, drag.to)));
          }
          setDrag(null);
        }}
      >
        {scale.ticksNs.map((ns) => (
          <g key={ns}>
            <line
              className={classes.grid}
              x1={x(0)}
              x2={x(1)}
              y1={y(heightOf(ns, scale))}
              y2={y(heightOf(ns, scale))}
            />
            <text
              className={classes.label}
              x={edges.left - 8}
              y={y(heightOf(ns, scale)) + 4}
              textAnchor="end"
            >
              {ns === 0 ? '0' : formatNs(ns)}
            </text>
          </g>
        ))}
        {times.map((part) => (
          <text
            key={part}
            className={classes.label}
            x={x(part)}
            y={heightPx - 5}
            textAnchor={part === 0 ? 'start' : part === 1 ? 'end' : 'middle'}
          >
            {formatDateTime(time.fromMs + part * (time.toMs - time.fromMs)).slice(
              time.toMs - time.fromMs > 86_400_000 ? 5 : 11,
            )}
          </text>
        ))}
        {drag ? (
          <rect
            className={classes.chosen}
            x={x(Math.min(drag.from, drag.to))}
            width={Math.abs(drag.to - drag.from) * innerWidth}
            y={edges.top}
            height={innerHeight}
          />
        ) : null}
        {points.map((point) => (
          <circle
            key={point.trace.traceId}
            className={classes.point}
            data-error={point.trace.errors > 0 || undefined}
            cx={x(point.x)}
            cy={y(point.y)}
            r={point.radiusPx}
            onPointerEnter={() => setNear(point)}
            onPointerLeave={() => setNear(null)}
            onClick={() => void navigate(traceLink(point.trace.traceId))}
          />
        ))}
      </svg>
      {near ? (
        <div
          className={classes.tip}
          style={{ left: Math.min(x(near.x) + 14, width - 250), top: Math.max(0, y(near.y) - 30) }}
        >
          <strong>
            {near.trace.rootService || 'no root'}: {near.trace.rootName || near.trace.traceId.slice(0, 8)}
          </strong>
          <div>
            {formatNs(near.trace.durationNs)} · {near.trace.spans} spans
            {near.trace.errors > 0 ? ` · ${near.trace.errors} errors` : ''}
          </div>
        </div>
      ) : null}
    </div>
  );
}
