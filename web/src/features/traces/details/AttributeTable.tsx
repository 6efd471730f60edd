import { memo } from 'react';

import type { SpanAttribute } from '../../../api/traces';
import classes from './AttributeTable.module.css';

interface Props {
  title?: string;
  attributes: SpanAttribute[];
  dropped?: number;
}

export const AttributeTable = memo(function AttributeTable({ title, attributes, dropped = 0 }: Props) {
  if (attributes.length === 0 && dropped === 0) {
    return null;
  }
  return (
    <div>
      {title ? (
        <h4 className={classes.title}>
          {title} <small>{attributes.length}</small>
          {dropped > 0 ? <small> · {dropped} left out by the sender</small> : null}
        </h4>
      ) : null}
      <table className={classes.table} aria-label={title ?? 'Attributes of the event'}>
        <tbody>
          {attributes.map(({ key, type, value }, i) => (
            <tr key={`${key} ${i}`}>
              <th scope="row">{key}</th>
              <td data-type={type}>{type === 'array' || type === 'map' ? pretty(value) : value}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
});

function pretty(json: string): string {
  try {
    return JSON.stringify(JSON.parse(json), null, 1).replace(/\n\s*/g, ' ');
  } catch {
    return json;
  }
}
