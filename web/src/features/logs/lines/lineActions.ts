import { createContext, useContext } from 'react';

import type { LogEntry } from '../entries/entries';
import type { Field } from '../entries/fields';

/** What can be done with a line and its fields; the page gives it, rows and details use it. */
export interface LineActions {
  filter: (field: Field, keep: boolean) => void;
  toggleColumn: (name: string) => void;
  columns: string[];
  showContext: (entry: LogEntry) => void;
  linkTo: (entry: LogEntry) => string;
  /** Whether the server keeps traces, so that a link to one leads somewhere. */
  traces: boolean;
}

export const LineActionsContext = createContext<LineActions | null>(null);

export function useLineActions(): LineActions {
  const actions = useContext(LineActionsContext);
  if (!actions) {
    throw new Error('Lines are drawn inside a LineActionsContext.');
  }
  return actions;
}
