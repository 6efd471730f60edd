import type { Labels } from '../../api/prometheus';
import classes from './LabelChips.module.css';

interface Props {
  labels: Labels;
  /** Names that are shown elsewhere and would only repeat themselves here. */
  hide?: string[];
  onPick?: (name: string, value: string) => void;
}

const colourful: Record<string, Record<string, string>> = {
  severity: { critical: 'red', page: 'red', error: 'red', warning: 'amber', info: 'blue' },
};

/** Labels as name="value" chips; with onPick each is a button that filters by it. */
export function LabelChips({ labels, hide = [], onPick }: Props) {
  const shown = Object.entries(labels).filter(([name]) => !hide.includes(name));
  return (
    <span className={classes.list}>
      {shown.map(([name, value]) => {
        const tone = colourful[name]?.[value];
        const content = (
          <>
            <span className={classes.name}>{name}</span>
            <span className={classes.value}>{value === '' ? '""' : value}</span>
          </>
        );
        return onPick ? (
          <button
            key={name}
            type="button"
            className={classes.chip}
            data-tone={tone}
            title={`Filter by ${name}="${value}"`}
            onClick={() => onPick(name, value)}
          >
            {content}
          </button>
        ) : (
          <span key={name} className={classes.chip} data-tone={tone}>
            {content}
          </span>
        );
      })}
    </span>
  );
}
