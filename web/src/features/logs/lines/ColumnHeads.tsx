import { IconX } from '@tabler/icons-react';

import { IconButton } from '../../../shared/components/IconButton';
import classes from './LogRow.module.css';
import { useLineActions } from './lineActions';

/** Names the chosen columns above the lines; each can be put away. */
export function ColumnHeads({ columns }: { columns: string[] }) {
  const { toggleColumn } = useLineActions();
  return (
    <div className={classes.heads} role="group" aria-label="Columns">
      <span className={classes.headSpace} />
      {columns.map((name) => (
        <span key={name} className={classes.head}>
          <span className={classes.headName} title={name}>
            {name}
          </span>
          <IconButton
            size={24}
            label={`Hide column ${name}`}
            icon={IconX}
            onClick={() => toggleColumn(name)}
          />
        </span>
      ))}
    </div>
  );
}
