import { Table } from '@mantine/core';
import { IconFlag } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';

import { getStatus } from '../../api/prometheus';
import { ErrorMessage } from '../../shared/components/ErrorMessage';
import { ListSkeleton } from '../../shared/components/ListSkeleton';
import { SearchInput } from '../../shared/components/SearchInput';
import { StateMessage } from '../../shared/components/StateMessage';
import { useUrlState } from '../../shared/useUrlState';

export function FlagTable() {
  const [search, setSearch] = useUrlState('search');
  const flags = useQuery({
    queryKey: ['status', 'flags'],
    queryFn: ({ signal }) => getStatus<Record<string, string>>('flags', signal),
  });
  if (flags.isError) {
    return <ErrorMessage title="The flags could not be read" error={flags.error} />;
  }
  if (!flags.data) {
    return <ListSkeleton />;
  }
  if (Object.keys(flags.data).length === 0) {
    return (
      <StateMessage icon={IconFlag} title="Started without flags">
        Every setting has its default, or comes from the configuration files.
      </StateMessage>
    );
  }
  const shown = Object.entries(flags.data).filter(([name, value]) => `${name} ${value}`.includes(search));
  return (
    <>
      <SearchInput value={search} onChange={setSearch} label="Search flags" />
      <div className="surface" style={{ marginTop: 12 }}>
        <Table fz="sm">
          <Table.Tbody>
            {shown.map(([name, value]) => (
              <Table.Tr key={name}>
                <Table.Th scope="row" className="mono" fw={400} w="45%">
                  {name}
                </Table.Th>
                <Table.Td className="mono wrap-anywhere">{value}</Table.Td>
              </Table.Tr>
            ))}
          </Table.Tbody>
        </Table>
      </div>
    </>
  );
}
