import { useComputedColorScheme } from '@mantine/core';
import { useElementSize } from '@mantine/hooks';

import type { FieldConfig, StatTile } from '../../../api/dashboards';
import { largeText, textColor } from './contrast';
import { fraction, gaugeScale, type GaugeScale } from './scale';
import classes from './GaugePanel.module.css';
import { tileGrid } from './tileGrid';

// The arc leaves a sixth of the circle open at the bottom.
const startDeg = -120;
const sweepDeg = 240;

export function GaugePanel({ tiles, config }: { tiles: StatTile[]; config: FieldConfig }) {
  const { ref, width, height } = useElementSize();
  const { columns } = tileGrid(tiles.length, width, height);
  const scale = gaugeScale(tiles, config);
  return (
    <div
      ref={ref}
      className={classes.grid}
      style={{ gridTemplateColumns: `repeat(${columns}, minmax(0, 1fr))` }}
    >
      {tiles.map((tile, i) => (
        <Gauge key={i} tile={tile} scale={scale} named={tiles.length > 1} />
      ))}
    </div>
  );
}

function Gauge({ tile, scale, named }: { tile: StatTile; scale: GaugeScale; named: boolean }) {
  const scheme = useComputedColorScheme('light');
  const to = startDeg + sweepDeg * fraction(tile.value, scale);
  return (
    <div className={classes.gauge}>
      <svg viewBox="0 0 100 82" role="img" aria-label={`${tile.name} ${tile.text}`}>
        <path d={arc(38, startDeg, startDeg + sweepDeg)} className={classes.track} />
        {to > startDeg ? (
          <path d={arc(38, startDeg, to)} stroke={tile.color} className={classes.value} />
        ) : null}
        {scale.steps.map((step, i) => {
          const from = startDeg + sweepDeg * fraction(step.value ?? scale.min, scale);
          const until = startDeg + sweepDeg * fraction(scale.steps[i + 1]?.value ?? scale.max, scale);
          return until > from ? (
            <path key={i} d={arc(46, from, until)} stroke={step.color} className={classes.ring} />
          ) : null;
        })}
        <text
          x="50"
          y="56"
          className={classes.text}
          style={{ fill: textColor(tile.color, scheme, largeText), fontSize: textSize(tile.text) }}
        >
          {tile.text}
        </text>
      </svg>
      {named ? <div className={classes.name}>{tile.name}</div> : null}
    </div>
  );
}

function textSize(text: string): number {
  return Math.min(17, 92 / Math.max(text.length, 4));
}

function arc(radius: number, fromDeg: number, toDeg: number): string {
  const point = (deg: number) => {
    const angle = ((deg - 90) * Math.PI) / 180;
    return `${(50 + radius * Math.cos(angle)).toFixed(2)} ${(50 + radius * Math.sin(angle)).toFixed(2)}`;
  };
  return `M ${point(fromDeg)} A ${radius} ${radius} 0 ${toDeg - fromDeg > 180 ? 1 : 0} 1 ${point(toDeg)}`;
}
