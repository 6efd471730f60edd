import { IconChevronDown, IconChevronRight } from '@tabler/icons-react';
import { memo } from 'react';

import type { LogEntry } from '../entries/entries';
import { fieldValue } from '../entries/fields';
import { LineText } from './LineText';
import { LogDetails } from './LogDetails';
import classes from './LogRow.module.css';
import { formatExactTime, formatLineTime } from '../entries/nanoseconds';

interface Props {
  entry: LogEntry;
  index: number;
  terms: RegExp | null;
  utc: boolean;
  columns: string[];
  expanded: boolean;
  active: boolean;
  linked: boolean;
  onToggle: (key: string) => void;
  onActivate: (key: string) => void;
}

/** More of a line is not drawn in the list; the details hold the rest. */
const shownLength = 4000;

export const LogRow = memo(function LogRow(props: Props) {
  const { entry, index, terms, utc, columns, expanded, active, linked, onToggle, onActivate } = props;
  const Chevron = expanded ? IconChevronDown : IconChevronRight;
  const onClick = () => {
    onActivate(entry.key);
    // Who has marked text wants to copy it.
    if (window.getSelection()?.isCollapsed !== false) {
      onToggle(entry.key);
    }
  };
  return (
    <div
      id={`log-row-${index}`}
      role="row"
      aria-level={1}
      aria-rowindex={index + 1}
      aria-expanded={expanded}
      aria-selected={active}
      data-index={index}
      data-level={entry.level}
      data-linked={linked || undefined}
      data-active={active || undefined}
      className={classes.row}
    >
      <div className={classes.summary} role="presentation" onClick={onClick}>
        <div role="gridcell" className={classes.level} title={entry.level}>
          <Chevron size={14} className={classes.chevron} aria-hidden />
          <span className={classes.levelName}>{entry.level === 'unknown' ? '' : entry.level}</span>
        </div>
        <div role="gridcell" className={classes.time} title={formatExactTime(entry.timeNs)}>
          {formatLineTime(entry.timeNs, utc)}
        </div>
        {columns.map((name) => (
          <div
            key={name}
            role="gridcell"
            className={classes.column}
            title={`${name}=${fieldValue(entry, name) ?? ''}`}
          >
            {fieldValue(entry, name) ?? '–'}
          </div>
        ))}
        <div role="gridcell" className={classes.line}>
          <LineText line={entry.line} terms={terms} limit={shownLength} />
        </div>
      </div>
      {expanded ? (
        <div role="gridcell" className={classes.details}>
          <LogDetails entry={entry} terms={terms} />
        </div>
      ) : null}
    </div>
  );
});
