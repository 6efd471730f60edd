import { useComputedColorScheme } from '@mantine/core';

import type { FieldConfig, StatTile } from '../../../api/dashboards';
import classes from './BarGaugePanel.module.css';
import { textColor } from './contrast';
import { fraction, gaugeScale } from './scale';

export function BarGaugePanel({ tiles, config }: { tiles: StatTile[]; config: FieldConfig }) {
  const scheme = useComputedColorScheme('light');
  const scale = gaugeScale(tiles, config);
  return (
    <div className={classes.list}>
      {tiles.map((tile, i) => (
        <div key={i} className={classes.row}>
          <div className={classes.name} title={tile.name}>
            {tile.name}
          </div>
          <div className={classes.track}>
            <div
              className={classes.bar}
              style={{ width: `${100 * fraction(tile.value, scale)}%`, background: tile.color }}
            />
          </div>
          <div className={classes.value} style={{ color: textColor(tile.color, scheme) }}>
            {tile.text}
          </div>
        </div>
      ))}
    </div>
  );
}
