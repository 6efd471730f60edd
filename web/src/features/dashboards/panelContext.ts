import type { TimeRange } from '../../shared/time/useTimeRange';
import type { VariableValues } from './useVariables';

/** What every panel of a dashboard shares. */
export interface PanelContext {
  uid: string;
  range: TimeRange;
  variables: VariableValues;
  /** Opens one panel alone, or with null returns to the dashboard. */
  onView: (panelId: number | null) => void;
}
