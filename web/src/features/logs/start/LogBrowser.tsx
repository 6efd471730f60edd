import { Group, Select, Table, Text, UnstyledButton } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';

import { getLabelNames, getVolume, type NsRange } from '../../../api/loki';
import { formatValue } from '../../../charts/formatValue';
import { ErrorMessage } from '../../../shared/components/ErrorMessage';
import { ListSkeleton } from '../../../shared/components/ListSkeleton';
import classes from '../tabs/tabs.module.css';
import { NoLogsYet } from './NoLogsYet';

interface Props {
  range: NsRange;
  run: string;
  onPick: (name: string, value: string) => void;
}

const usualLabel = 'service_name';

/** Where a search begins: which values a label has and how much each of them wrote. A click makes the first query. */
export function LogBrowser({ range, run, onPick }: Props) {
  const [chosen, setChosen] = useState<string | null>(null);
  const names = useQuery({
    queryKey: ['logs', 'labels', range, run],
    queryFn: ({ signal }) => getLabelNames(range, signal),
  });
  const labels = (names.data ?? []).filter((name) => !name.startsWith('__'));
  const label = chosen ?? (labels.includes(usualLabel) ? usualLabel : labels[0]);
  const volume = useQuery({
    queryKey: ['logs', 'volume', label, range, run],
    enabled: label !== undefined,
    queryFn: ({ signal }) => getVolume(`{${label}=~".+"}`, label!, range, signal),
  });
  if (names.isPending) {
    return <ListSkeleton rows={6} height={26} />;
  }
  if (names.isError) {
    return (
      <ErrorMessage
        title="The labels could not be read"
        error={names.error}
        onRetry={() => void names.refetch()}
      />
    );
  }
  if (label === undefined) {
    return <NoLogsYet />;
  }
  const most = Math.max(1, ...(volume.data ?? []).map(({ bytes }) => bytes));
  return (
    <>
      <Group gap="sm" mb="xs" align="center">
        <Text size="sm">Begin with a</Text>
        <Select
          size="xs"
          w={220}
          aria-label="Label to begin with"
          data={labels}
          value={label}
          searchable
          allowDeselect={false}
          onChange={setChosen}
        />
        <Text size="sm" c="dimmed">
          or type a query above. Ctrl and Space complete labels, values and functions.
        </Text>
      </Group>
      {volume.isPending ? <ListSkeleton rows={6} height={26} /> : null}
      {volume.isError ? <ErrorMessage title="The volume could not be read" error={volume.error} /> : null}
      {volume.data ? (
        <Table highlightOnHover fz="sm" verticalSpacing={2} aria-label={`Values of ${label}`}>
          <Table.Tbody>
            {volume.data.map(({ value, bytes }) => (
              <Table.Tr key={value}>
                <Table.Td>
                  <UnstyledButton className="mono link" onClick={() => onPick(label, value)} mih={24}>
                    {value}
                  </UnstyledButton>
                </Table.Td>
                <Table.Td w={110} ta="right" className="tabular">
                  {formatValue(bytes, 'bytes')}
                </Table.Td>
                <Table.Td w="40%">
                  <div className={classes.bar}>
                    <div className={classes.barFill} style={{ width: `${(100 * bytes) / most}%` }} />
                  </div>
                </Table.Td>
              </Table.Tr>
            ))}
          </Table.Tbody>
        </Table>
      ) : null}
    </>
  );
}
