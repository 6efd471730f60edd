import { Group } from '@mantine/core';
import { IconMaximize, IconZoomIn, IconZoomOut } from '@tabler/icons-react';
import { memo, useMemo, useRef, useState } from 'react';

import { IconButton } from '../../../shared/components/IconButton';
import { dotsOf } from './dots';
import { boxHeight, boxWidth, callPath, layout, wayOf } from './layout';
import { healthWords, percentText, rateText } from './mapTexts';
import { weightOf, type MapCall, type MapService, type ServiceGraph } from './serviceGraph';
import classes from './MapDrawing.module.css';

interface Props {
  graph: ServiceGraph;
  animated: boolean;
  /** Id of a service or of a call. */
  chosen: string;
  onChoose: (id: string) => void;
}

interface View {
  x: number;
  y: number;
  scale: number;
}

/** The map as a drawing that can be moved and enlarged. */
export function MapDrawing({ graph, animated, chosen, onChoose }: Props) {
  const names =
    graph.services
      .map(({ id }) => id)
      .sort()
      .join('\n') +
    graph.calls
      .map(({ id }) => id)
      .sort()
      .join('\n');
  // New numbers do not move anything; another service or call does.
  // eslint-disable-next-line react-hooks/exhaustive-deps
  const placed = useMemo(() => layout(graph), [names]);
  const [view, setView] = useState<View | null>(null);
  const [drag, setDrag] = useState<{ x: number; y: number; from: View } | null>(null);
  const fitted = useRef<SVGSVGElement>(null);
  const busiest = Math.max(0, ...graph.calls.map(weightOf));
  const shown = view ?? { x: 0, y: 0, scale: 1 };
  const box = `${shown.x} ${shown.y} ${placed.width / shown.scale} ${placed.height / shown.scale}`;
  const zoom = (by: number) =>
    setView((old) => {
      const from = old ?? { x: 0, y: 0, scale: 1 };
      const scale = Math.min(8, Math.max(0.3, from.scale * by));
      const shift = (size: number) => size / from.scale / 2 - size / scale / 2;
      return { x: from.x + shift(placed.width), y: from.y + shift(placed.height), scale };
    });
  const perPixel = () => {
    const svg = fitted.current;
    return svg
      ? Math.max(placed.width / shown.scale / svg.clientWidth, placed.height / shown.scale / svg.clientHeight)
      : 1;
  };
  const isNear = (id: string) =>
    chosen === '' ||
    id === chosen ||
    graph.calls.some(
      (call) =>
        (call.id === id && (call.source === chosen || call.target === chosen)) ||
        (call.id === chosen && (call.source === id || call.target === id)) ||
        (call.source === chosen && call.target === id) ||
        (call.target === chosen && call.source === id),
    );
  return (
    <div className={classes.frame}>
      <Group gap={2} className={classes.tools}>
        <IconButton label="Enlarge" icon={IconZoomIn} onClick={() => zoom(1.3)} />
        <IconButton label="Make smaller" icon={IconZoomOut} onClick={() => zoom(1 / 1.3)} />
        <IconButton label="Show all" icon={IconMaximize} onClick={() => setView(null)} />
      </Group>
      <svg
        ref={fitted}
        className={classes.svg}
        // Names stay readable where the page is narrow: the frame scrolls.
        style={{ minWidth: placed.width * 0.72, maxHeight: Math.max(240, placed.height * 1.5) }}
        viewBox={box}
        preserveAspectRatio="xMidYMid meet"
        role="group"
        aria-label={`${graph.services.length} services and ${graph.calls.length} ways between them`}
        data-service-map
        onPointerDown={(event) => {
          if (event.target === event.currentTarget) {
            event.currentTarget.setPointerCapture(event.pointerId);
            setDrag({ x: event.clientX, y: event.clientY, from: shown });
          }
        }}
        onPointerMove={(event) => {
          if (drag) {
            const unit = perPixel();
            setView({
              ...drag.from,
              x: drag.from.x - (event.clientX - drag.x) * unit,
              y: drag.from.y - (event.clientY - drag.y) * unit,
            });
          }
        }}
        onPointerUp={(event) => {
          if (drag && Math.abs(event.clientX - drag.x) + Math.abs(event.clientY - drag.y) < 4) {
            onChoose('');
          }
          setDrag(null);
        }}
      >
        <defs>
          {(['healthy', 'degraded', 'failing', 'idle'] as const).map((health) => (
            <marker
              key={health}
              id={`arrow-${health}`}
              viewBox="0 0 8 8"
              refX="7"
              refY="4"
              markerUnits="userSpaceOnUse"
              markerWidth="11"
              markerHeight="11"
              orient="auto-start-reverse"
            >
              <path d="M 0 0.5 L 8 4 L 0 7.5 z" className={classes.arrow} data-health={health} />
            </marker>
          ))}
        </defs>
        {graph.calls.map((call) => {
          const from = placed.places.get(call.source);
          const to = placed.places.get(call.target);
          return from && to ? (
            <CallLine
              key={call.id}
              call={call}
              path={callPath(
                from,
                to,
                call.source === call.target,
                placed.ways.get(wayOf(call.source, call.target)),
              )}
              busiest={busiest}
              animated={animated}
              chosen={call.id === chosen}
              faded={!isNear(call.id)}
              onChoose={onChoose}
            />
          ) : null;
        })}
        {graph.services.map((service) => {
          const at = placed.places.get(service.id);
          return at ? (
            <ServiceBox
              key={service.id}
              service={service}
              x={at.x}
              y={at.y}
              chosen={service.id === chosen}
              faded={!isNear(service.id)}
              onChoose={onChoose}
            />
          ) : null;
        })}
      </svg>
    </div>
  );
}

interface LineProps {
  call: MapCall;
  path: string;
  busiest: number;
  animated: boolean;
  chosen: boolean;
  faded: boolean;
  onChoose: (id: string) => void;
}

const CallLine = memo(function CallLine({
  call,
  path,
  busiest,
  animated,
  chosen,
  faded,
  onChoose,
}: LineProps) {
  const traffic = animated ? dotsOf(call, busiest) : null;
  return (
    <g className={classes.call} data-faded={faded || undefined} data-chosen={chosen || undefined}>
      <path className={classes.reach} d={path} onClick={() => onChoose(call.id)}>
        <title>
          {rateText(call.rate, call.protocol)}, {percentText(call.errorPercent)} errors
        </title>
      </path>
      <path
        className={classes.line}
        d={path}
        data-health={call.health}
        markerEnd={`url(#arrow-${call.health})`}
        style={{ strokeWidth: 1.4 + 2.2 * Math.sqrt(weightOf(call) / Math.max(busiest, 1e-9)) }}
      />
      {traffic
        ? traffic.dots.map((dot, i) => {
            const part = Math.min(1, traffic.travelSec / traffic.cycleSec);
            return (
              <g
                key={`${i} ${traffic.cycleSec.toFixed(1)}`}
                className={classes.dot}
                data-error={dot.error || undefined}
              >
                {dot.error ? (
                  <rect x={-4} y={-4} width={8} height={8} transform="rotate(45)" />
                ) : (
                  <circle r={3.4} />
                )}
                <animateMotion
                  dur={`${traffic.cycleSec.toFixed(2)}s`}
                  begin={`${dot.beginSec.toFixed(2)}s`}
                  repeatCount="indefinite"
                  path={path}
                  keyPoints="0;1;1"
                  keyTimes={`0;${part.toFixed(3)};1`}
                  calcMode="linear"
                />
              </g>
            );
          })
        : null}
    </g>
  );
});

interface BoxProps {
  service: MapService;
  x: number;
  y: number;
  chosen: boolean;
  faded: boolean;
  onChoose: (id: string) => void;
}

const ServiceBox = memo(function ServiceBox({ service, x, y, chosen, faded, onChoose }: BoxProps) {
  const open = () => onChoose(chosen ? '' : service.id);
  const name = service.name.length > 17 ? `${service.name.slice(0, 16)}…` : service.name;
  const numbers =
    service.rate > 0
      ? `${rateText(service.rate)}${service.errorPercent > 0 ? ` · ${percentText(service.errorPercent)}` : ''}`
      : 'calls others';
  return (
    <g
      className={classes.service}
      transform={`translate(${x} ${y})`}
      role="button"
      tabIndex={0}
      aria-pressed={chosen}
      data-health={service.health}
      data-chosen={chosen || undefined}
      data-faded={faded || undefined}
      onClick={open}
      onKeyDown={(event) => {
        if (event.key === 'Enter' || event.key === ' ') {
          event.preventDefault();
          open();
        }
      }}
    >
      <title>{`${service.name}, ${healthWords[service.health]}, ${numbers}`}</title>
      <rect className={classes.box} width={boxWidth} height={boxHeight} rx={9} />
      <rect className={classes.mark} x={1} y={9} width={4} height={boxHeight - 18} rx={2} />
      <text className={classes.name} x={15} y={23}>
        {name}
      </text>
      <text className={classes.numbers} x={15} y={41}>
        {numbers}
      </text>
    </g>
  );
});
