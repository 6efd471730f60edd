import { useQuery } from '@tanstack/react-query';

import { getInfo, type ServerInfo } from '../api/pharos';

const unknown: ServerInfo = { demo: false };

export function useServerInfo(): ServerInfo {
  const info = useQuery({
    queryKey: ['info'],
    queryFn: ({ signal }) => getInfo(signal),
    staleTime: 60_000,
  });
  return info.data ?? unknown;
}
