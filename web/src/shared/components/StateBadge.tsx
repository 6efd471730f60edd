import classes from './StateBadge.module.css';

export type Tone = 'red' | 'amber' | 'green' | 'blue' | 'gray';

interface Props {
  tone: Tone;
  children: string;
}

/** A state in a word with a dot; the word carries the meaning, the colour only repeats it. */
export function StateBadge({ tone, children }: Props) {
  return (
    <span className={classes.badge} data-tone={tone}>
      {children}
    </span>
  );
}
