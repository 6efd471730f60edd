import { IconAlertCircleFilled, IconChevronDown, IconChevronRight, IconUnlink } from '@tabler/icons-react';
import { memo } from 'react';

import type { Timeline } from '../../../api/traces';
import { SpanDetails } from '../details/SpanDetails';
import { formatNs } from '../formatNs';
import classes from './TimelineRow.module.css';
import type { RowMarks, ViewRange } from './timelineModel';

interface Props {
  timeline: Timeline;
  marks: RowMarks;
  row: number;
  /** Its place among the rows that are not hidden. */
  index: number;
  color: string;
  range: ViewRange;
  collapsed: boolean;
  open: boolean;
  active: boolean;
  found: boolean;
  critical: boolean;
  onActivate: (row: number) => void;
  onCollapse: (row: number) => void;
  onOpen: (row: number) => void;
}

const indentPx = 14;
/** Deeper rows are not moved further; the number in front of the name says how deep they are. */
const deepest = 24;

export const TimelineRow = memo(function TimelineRow(props: Props) {
  const { timeline, marks, row, index, color, range, collapsed, open, active, found } = props;
  const { rows } = timeline;
  const depth = rows.depth[row];
  const children = rows.children[row];
  const service = timeline.services[rows.service[row]];
  const operation = timeline.operations[rows.operation[row]];
  const failed = rows.error[row] === 1;
  const place = placeOf(rows.start[row], rows.duration[row], timeline.durationNs, range);
  const Chevron = collapsed ? IconChevronRight : IconChevronDown;
  const critical = props.critical ? (marks.critical.get(row) ?? []) : [];
  return (
    <div
      id={`span-row-${index}`}
      role="row"
      aria-level={depth + 1}
      aria-rowindex={index + 1}
      aria-expanded={children > 0 ? !collapsed : undefined}
      aria-selected={active}
      data-index={index}
      data-row={row}
      data-active={active || undefined}
      data-found={found || undefined}
      className={classes.row}
    >
      <div
        className={classes.summary}
        role="presentation"
        onClick={() => {
          props.onActivate(row);
          props.onOpen(row);
        }}
      >
        <div
          role="gridcell"
          className={classes.name}
          style={{ paddingLeft: 6 + Math.min(depth, deepest) * indentPx, borderLeftColor: color }}
          title={`${service}: ${operation}`}
        >
          {children > 0 ? (
            <span
              className={classes.chevron}
              aria-hidden
              data-collapse
              onClick={(event) => {
                event.stopPropagation();
                props.onActivate(row);
                props.onCollapse(row);
              }}
            >
              <Chevron size={14} />
              {collapsed ? <small>{rows.descendants[row]}</small> : null}
            </span>
          ) : (
            <span className={classes.leaf} />
          )}
          {depth > deepest ? <small className={classes.depth}>{depth}</small> : null}
          {failed ? <IconAlertCircleFilled size={14} className={classes.error} aria-label="error" /> : null}
          {marks.orphans.has(row) ? (
            <IconUnlink size={14} className={classes.orphan} aria-label="its parent is not stored" />
          ) : null}
          <strong>{service}</strong>
          <span className={classes.operation}>{operation}</span>
        </div>
        <div role="gridcell" className={classes.lane}>
          {place ? (
            <>
              <span
                className={classes.bar}
                data-error={failed || undefined}
                style={{ left: `${place.left}%`, width: `${place.width}%`, background: color }}
              />
              {pairs(critical).map(([from, to]) => {
                const at = placeOf(from, to - from, timeline.durationNs, range);
                return at ? (
                  <span
                    key={from}
                    className={classes.critical}
                    style={{ left: `${at.left}%`, width: `${at.width}%` }}
                  />
                ) : null;
              })}
              {(marks.events.get(row) ?? []).slice(0, 200).map((at, i) => {
                const mark = placeOf(at, 0, timeline.durationNs, range);
                return mark ? (
                  <span key={i} className={classes.event} style={{ left: `${mark.left}%` }} />
                ) : null;
              })}
            </>
          ) : null}
          <span className={classes.duration} style={labelPlace(place)}>
            {formatNs(rows.duration[row])}
          </span>
        </div>
      </div>
      {open ? (
        <div role="gridcell" className={classes.details} style={{ borderLeftColor: color }}>
          <SpanDetails traceId={timeline.traceId} spanId={rows.id[row]} row={row} />
        </div>
      ) : null}
    </div>
  );
});

interface Place {
  left: number;
  width: number;
}

/** Percent of what is shown, a little beyond its edges at most; null for what lies outside. */
function placeOf(start: number, duration: number, wholeNs: number, { from, to }: ViewRange): Place | null {
  const whole = Math.max(1, wholeNs);
  const left = ((start / whole - from) / (to - from)) * 100;
  const right = (((start + duration) / whole - from) / (to - from)) * 100;
  if (right < 0 || left > 100) {
    return null;
  }
  const low = Math.max(-2, left);
  return { left: low, width: Math.max(0, Math.min(102, right) - low) };
}

/** Beside the bar, on the side that has room; over it where none has. */
function labelPlace(place: Place | null): React.CSSProperties {
  if (!place) {
    return { left: 4 };
  }
  const right = place.left + place.width;
  if (right < 86) {
    return { left: `calc(${Math.max(0, right)}% + 6px)` };
  }
  return place.left > 14 ? { right: `calc(${100 - place.left}% + 6px)` } : { right: 6, ...onBar };
}

const onBar: React.CSSProperties = { background: 'var(--ph-surface)', padding: '0 4px', borderRadius: 3 };

function pairs(list: number[]): [number, number][] {
  const found: [number, number][] = [];
  for (let i = 0; i < list.length; i += 2) {
    found.push([list[i], list[i + 1]]);
  }
  return found;
}
