import { Tooltip } from '@mantine/core';
import { Link } from 'react-router';

import type { ChartExemplar } from './chartTypes';
import classes from './ExemplarDots.module.css';
import { exemplarDots, type ChartFrame } from './exemplarDots';

/** Single measurements with their traces, as links on top of a chart. */
export function ExemplarDots({
  exemplars,
  frame,
}: {
  exemplars: readonly ChartExemplar[];
  frame: ChartFrame;
}) {
  return (
    <div className={classes.layer} aria-label="Exemplars" role="group">
      {exemplarDots(exemplars, frame).map(({ exemplar, xPx, yPx }) => (
        <Tooltip key={`${exemplar.to} ${exemplar.timeMs}`} label={exemplar.title} openDelay={0}>
          <Link
            to={exemplar.to}
            className={classes.dot}
            style={{ left: xPx, top: yPx }}
            aria-label={exemplar.title}
            data-exemplar
            onMouseDown={(event) => event.stopPropagation()}
          />
        </Tooltip>
      ))}
    </div>
  );
}
