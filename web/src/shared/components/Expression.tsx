import { Link } from 'react-router';

import { queryLink } from '../links';
import classes from './Expression.module.css';

/** A PromQL expression that opens on the Query page. */
export function Expression({ expr }: { expr: string }) {
  return (
    <Link to={queryLink(expr)} className={classes.expression} title="Open in Query">
      {expr.trim()}
    </Link>
  );
}
