import { useComputedColorScheme } from '@mantine/core';
import { useElementSize } from '@mantine/hooks';
import { useEffect, useRef, useState } from 'react';

import type { Timeline } from '../../../api/traces';
import { formatNs } from '../formatNs';
import classes from './Minimap.module.css';
import { clampRange, pan, ticks, wholeRange, zoom, type ViewRange } from './timelineModel';

interface Props {
  timeline: Timeline;
  colors: string[];
  range: ViewRange;
  onChange: (range: ViewRange) => void;
}

const heightPx = 62;
const barsTopPx = 16;

type Drag = { kind: 'new' | 'from' | 'to' | 'move'; startPart: number; range: ViewRange };

/** The whole trace in small; a drag chooses what the timeline shows of it. */
export function Minimap({ timeline, colors, range, onChange }: Props) {
  const { ref, width } = useElementSize();
  const canvas = useRef<HTMLCanvasElement>(null);
  const scheme = useComputedColorScheme('light');
  const [drag, setDrag] = useState<Drag | null>(null);

  useEffect(() => {
    if (canvas.current && width > 0) {
      draw(canvas.current, timeline, colors, width);
    }
  }, [timeline, colors, width, scheme]);

  const partAt = (event: React.PointerEvent) => {
    const box = event.currentTarget.getBoundingClientRect();
    return Math.min(1, Math.max(0, (event.clientX - box.left) / box.width));
  };
  const isWhole = range.from <= 0 && range.to >= 1;
  const begin = (event: React.PointerEvent<HTMLDivElement>) => {
    const at = partAt(event);
    const nearPart = 6 / Math.max(1, width);
    const kind = isWhole
      ? 'new'
      : Math.abs(at - range.from) < nearPart
        ? 'from'
        : Math.abs(at - range.to) < nearPart
          ? 'to'
          : at > range.from && at < range.to && event.shiftKey
            ? 'move'
            : 'new';
    event.currentTarget.setPointerCapture(event.pointerId);
    setDrag({ kind, startPart: at, range });
  };
  const move = (event: React.PointerEvent) => {
    if (!drag) {
      return;
    }
    const at = partAt(event);
    if (drag.kind === 'move') {
      onChange(clampRange(drag.range.from + at - drag.startPart, drag.range.to + at - drag.startPart));
    } else if (drag.kind === 'from') {
      onChange(clampRange(Math.min(at, drag.range.to), drag.range.to));
    } else if (drag.kind === 'to') {
      onChange(clampRange(drag.range.from, Math.max(at, drag.range.from)));
    } else if (Math.abs(at - drag.startPart) > 0.004) {
      onChange(clampRange(Math.min(at, drag.startPart), Math.max(at, drag.startPart)));
    }
  };
  const onKeyDown = (event: React.KeyboardEvent) => {
    const to =
      event.key === 'ArrowLeft'
        ? pan(range, -0.1)
        : event.key === 'ArrowRight'
          ? pan(range, 0.1)
          : event.key === '+'
            ? zoom(range, 1.5)
            : event.key === '-'
              ? zoom(range, 1 / 1.5)
              : event.key === 'Home'
                ? wholeRange
                : null;
    if (to) {
      event.preventDefault();
      event.stopPropagation();
      onChange(to);
    }
  };
  const marks = ticks(0, timeline.durationNs, width > 600 ? 6 : 3);
  return (
    <div
      ref={ref}
      className={classes.map}
      role="slider"
      tabIndex={0}
      aria-label="Shown part of the trace"
      aria-valuemin={0}
      aria-valuemax={100}
      aria-valuenow={Math.round(range.from * 100)}
      aria-valuetext={`${formatNs(range.from * timeline.durationNs)} to ${formatNs(range.to * timeline.durationNs)}`}
      onPointerDown={begin}
      onPointerMove={move}
      onPointerUp={() => setDrag(null)}
      onDoubleClick={() => onChange(wholeRange)}
      onKeyDown={onKeyDown}
    >
      {marks.map((ns) => (
        <span
          key={ns}
          className={classes.tick}
          style={{ left: `${(ns / Math.max(1, timeline.durationNs)) * 100}%` }}
        >
          {formatNs(ns)}
        </span>
      ))}
      <canvas ref={canvas} className={classes.canvas} style={{ width, height: heightPx - barsTopPx }} />
      {isWhole ? null : (
        <>
          <span className={classes.outside} style={{ left: 0, width: `${range.from * 100}%` }} />
          <span className={classes.outside} style={{ left: `${range.to * 100}%`, right: 0 }} />
          <span className={classes.handle} style={{ left: `${range.from * 100}%` }} />
          <span className={classes.handle} style={{ left: `${range.to * 100}%` }} />
        </>
      )}
    </div>
  );
}

/** Every span is a line of its service's colour; errors are drawn last, so that none is covered. */
function draw(canvas: HTMLCanvasElement, timeline: Timeline, colors: string[], width: number): void {
  const ratio = window.devicePixelRatio || 1;
  const height = heightPx - barsTopPx;
  canvas.width = Math.round(width * ratio);
  canvas.height = Math.round(height * ratio);
  const pen = canvas.getContext('2d');
  if (!pen) {
    return;
  }
  pen.scale(ratio, ratio);
  const { rows, durationNs } = timeline;
  const count = rows.id.length;
  const rowPx = Math.min(4, height / Math.max(1, count));
  const thick = Math.max(0.7, rowPx * 0.75);
  const scale = width / Math.max(1, durationNs);
  const red = getComputedStyle(canvas).getPropertyValue('--ph-red');
  const line = (row: number) =>
    pen.fillRect(rows.start[row] * scale, row * rowPx, Math.max(0.8, rows.duration[row] * scale), thick);
  for (let row = 0; row < count; row++) {
    pen.fillStyle = colors[rows.service[row]];
    line(row);
  }
  pen.fillStyle = red;
  for (let row = 0; row < count; row++) {
    if (rows.error[row] === 1) {
      line(row);
    }
  }
}
