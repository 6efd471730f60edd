import { useMemo } from 'react';

import type { FieldConfig } from '../api/dashboards';
import classes from './ChartLegend.module.css';
import type { ChartConfig, ChartSeries } from './chartTypes';
import { distinctNames } from './distinctNames';
import { formatValue } from './formatValue';

interface Props {
  series: ChartSeries[];
  visible: boolean[];
  config: ChartConfig;
  onPick: (index: number, add: boolean) => void;
  onFocus: (index: number | null) => void;
}

const calcNames: Record<string, string> = {
  lastNotNull: 'Last',
  last: 'Last',
  firstNotNull: 'First',
  mean: 'Mean',
  min: 'Min',
  max: 'Max',
  sum: 'Total',
  count: 'Count',
  range: 'Range',
};

const hint = 'Click to show only this series; Ctrl or Cmd and click to add or remove it';

export function ChartLegend({ series, visible, config, onPick, onFocus }: Props) {
  const legend: FieldConfig['legend'] = config.legend;
  const names = useMemo(() => distinctNames(series), [series]);
  const calcs = legend?.calcs ?? [];
  const events = (i: number) => ({
    onClick: (event: React.MouseEvent) => onPick(i, event.ctrlKey || event.metaKey),
    onMouseEnter: () => onFocus(i),
    onMouseLeave: () => onFocus(null),
    'aria-pressed': visible[i],
    title: `${names[i]}\n${hint}`,
  });
  const calcText = (s: ChartSeries, calc: string) => {
    const value = s.calcs?.[calc];
    return typeof value === 'string'
      ? value
      : formatValue(value, s.unit ?? config.unit, s.decimals ?? config.decimals);
  };

  if (legend?.mode === 'table') {
    return (
      <table className={classes.table}>
        <thead>
          <tr>
            <th>Name</th>
            {calcs.map((calc) => (
              <th key={calc} className={classes.number}>
                {calcNames[calc] ?? calc}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {series.map((s, i) => (
            <tr key={i}>
              <td>
                <button
                  type="button"
                  className={classes.item}
                  data-off={!visible[i] || undefined}
                  {...events(i)}
                >
                  <span className={classes.swatch} style={{ background: s.color }} />
                  <span className={classes.name}>{s.name}</span>
                </button>
              </td>
              {calcs.map((calc) => (
                <td key={calc} className={classes.number}>
                  {calcText(s, calc)}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    );
  }

  return (
    <div className={classes.list} data-placement={legend?.placement ?? 'bottom'}>
      {series.map((s, i) => (
        <button
          key={i}
          type="button"
          className={classes.item}
          data-off={!visible[i] || undefined}
          {...events(i)}
        >
          <span className={classes.swatch} style={{ background: s.color }} />
          <span className={classes.name}>{s.name}</span>
          {calcs.map((calc) => (
            <span key={calc} className={classes.calc}>
              {calcNames[calc] ?? calc}: {calcText(s, calc)}
            </span>
          ))}
        </button>
      ))}
    </div>
  );
}
