import { Fragment } from 'react';

import type { Labels } from '../../api/prometheus';
import classes from './SeriesLabel.module.css';

/** A series in PromQL's own notation, coloured. */
export function SeriesLabel({ metric: { __name__: name, ...labels } }: { metric: Labels }) {
  const pairs = Object.entries(labels);
  return (
    <span className={classes.series}>
      {name}
      {pairs.length > 0 || !name ? '{' : ''}
      {pairs.map(([label, value], i) => (
        <Fragment key={label}>
          {i > 0 ? ', ' : ''}
          <span className={classes.label}>{label}</span>=
          <span className={classes.value}>{JSON.stringify(value)}</span>
        </Fragment>
      ))}
      {pairs.length > 0 || !name ? '}' : ''}
    </span>
  );
}
