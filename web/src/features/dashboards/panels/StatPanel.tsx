import { useComputedColorScheme } from '@mantine/core';
import { useElementSize } from '@mantine/hooks';

import type { FieldConfig, StatTile } from '../../../api/dashboards';
import { largeText, readableOn, textColor } from './contrast';
import { Sparkline } from './Sparkline';
import classes from './StatPanel.module.css';
import { tileGrid } from './tileGrid';

/** One big value per series, as large as its tile allows. */
export function StatPanel({ tiles, config }: { tiles: StatTile[]; config: FieldConfig }) {
  const { ref, width, height } = useElementSize();
  const scheme = useComputedColorScheme('light');
  const { columns, rows } = tileGrid(tiles.length, width, height);
  const tileWidth = width / columns;
  const tileHeight = height / rows;
  const withName = showsName(tiles.length, config.textMode);
  return (
    <div
      ref={ref}
      className={classes.grid}
      style={{ gridTemplateColumns: `repeat(${columns}, minmax(0, 1fr))` }}
    >
      {tiles.map((tile, i) => {
        const background = config.colorModeStat === 'background';
        const color = background
          ? readableOn(tile.color)
          : config.colorModeStat === 'none'
            ? undefined
            : textColor(tile.color, scheme, largeText);
        const fontSize = valueSize(tile.text, tileWidth, tileHeight);
        return (
          <div
            key={i}
            className={classes.tile}
            style={background ? { background: tile.color, color } : undefined}
          >
            {config.graphMode !== 'none' && tile.spark && tile.spark.length > 1 ? (
              <Sparkline points={tile.spark} color={color ?? tile.color} faint={background} />
            ) : null}
            {withName && tile.name ? (
              <div className={classes.name} title={tile.name}>
                {tile.name}
              </div>
            ) : null}
            {config.textMode === 'name' ? null : (
              <div className={classes.value} style={{ fontSize, color }}>
                {tile.text}
              </div>
            )}
          </div>
        );
      })}
    </div>
  );
}

function showsName(count: number, textMode = 'auto'): boolean {
  return textMode === 'name' || textMode === 'value_and_name' || (textMode === 'auto' && count > 1);
}

function valueSize(text: string, width: number, height: number): number {
  const byWidth = (width - 24) / Math.max(text.length, 2) / 0.58;
  return Math.round(Math.max(14, Math.min(byWidth, height * 0.42, 64)));
}
