import { useQuery } from '@tanstack/react-query';

import { getPanelData, type Panel } from '../../api/dashboards';
import type { PanelContext } from './panelContext';

// Widths in steps, so that a slightly different window asks the same question.
const widthStep = 100;

/**
 * The panel's data for the shown range. Only a panel near the viewport asks; leaving a range cancels its
 * request, and the old drawing stays until the new data is there.
 */
export function usePanelData(panel: Panel, context: PanelContext, near: boolean, widthPx: number) {
  const { range, uid, variables } = context;
  const width = Math.max(widthStep, Math.ceil(widthPx / widthStep) * widthStep);
  return useQuery({
    queryKey: [
      'panel',
      uid,
      panel.id,
      range.from,
      range.to,
      range.fromMs,
      range.toMs,
      width,
      variables,
      range.tick,
    ],
    queryFn: ({ signal }) =>
      getPanelData(uid, panel.id, { from: range.fromMs, to: range.toMs, width, variables }, signal).then(
        (frame) => ({
          frame,
          window: { fromMs: range.fromMs, toMs: range.toMs },
        }),
      ),
    enabled: near && widthPx > 0 && hasData(panel),
    placeholderData: (previous) => previous,
    staleTime: Number.POSITIVE_INFINITY,
    gcTime: 60_000,
  });
}

export function hasData(panel: Panel): boolean {
  return panel.type !== 'text' && panel.type !== 'row' && panel.type !== 'unsupported';
}
