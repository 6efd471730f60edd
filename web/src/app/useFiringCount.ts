import { useQuery } from '@tanstack/react-query';

import { getAlerts } from '../api/alertmanager';

/** Active alerts that nothing silences or inhibits, for the badge beside "Alerts". */
export function useFiringCount(): number {
  const alerts = useQuery({
    queryKey: ['alerts', 'firing-count'],
    queryFn: ({ signal }) => getAlerts({ filters: [], silenced: false, inhibited: false }, signal),
    refetchInterval: 10_000,
  });
  return alerts.data?.length ?? 0;
}
