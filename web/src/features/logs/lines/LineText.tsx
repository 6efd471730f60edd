import { Fragment } from 'react';

import { parseAnsi } from '../entries/ansi';
import classes from './LineText.module.css';
import { markTerms } from '../entries/searchTerms';

interface Props {
  line: string;
  terms: RegExp | null;
  /** A longer line ends in an ellipsis. */
  limit: number;
}

/** A line with its terminal colours, and with what the query looks for marked. */
export function LineText({ line, terms, limit }: Props) {
  const cut = line.length > limit ? `${line.slice(0, limit)}…` : line;
  return parseAnsi(cut).map(({ text, style }, i) => {
    const marked = markTerms(text, terms).map((part, j) =>
      part.marked ? (
        <mark key={j} className={classes.mark}>
          {part.text}
        </mark>
      ) : (
        <Fragment key={j}>{part.text}</Fragment>
      ),
    );
    return Object.keys(style).length === 0 ? (
      <Fragment key={i}>{marked}</Fragment>
    ) : (
      <span
        key={i}
        className={classes.styled}
        data-fg={style.fg}
        data-bg={style.bg}
        data-bold={style.bold || undefined}
        data-dim={style.dim || undefined}
        data-italic={style.italic || undefined}
        data-underline={style.underline || undefined}
      >
        {marked}
      </span>
    );
  });
}
