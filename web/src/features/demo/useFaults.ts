import { notifications } from '@mantine/notifications';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';

import { getFaults, setFault, type Fault } from '../../api/pharos';

const key = ['demo', 'faults'];

/** The fault switches; a switch moves at once and falls back if the server refuses. */
export function useFaults() {
  const client = useQueryClient();
  const faults = useQuery({
    queryKey: key,
    queryFn: ({ signal }) => getFaults(signal),
    refetchInterval: 5000,
  });
  const change = useMutation({
    mutationFn: (wanted: { name: string; active: boolean }) => setFault(wanted.name, wanted.active),
    onMutate: async (wanted) => {
      await client.cancelQueries({ queryKey: key });
      const before = client.getQueryData<Fault[]>(key);
      client.setQueryData<Fault[]>(key, (old) =>
        old?.map((fault) => (fault.name === wanted.name ? { ...fault, active: wanted.active } : fault)),
      );
      return { before };
    },
    onError: (error, _, context) => {
      client.setQueryData(key, context?.before);
      notifications.show({ color: 'red', title: 'The fault was not switched', message: error.message });
    },
    onSettled: () => client.invalidateQueries({ queryKey: key }),
  });
  return { faults, setFault: (name: string, active: boolean) => change.mutate({ name, active }) };
}
