import { Anchor, Badge, Group, Table, Text } from '@mantine/core';
import { IconLayoutDashboard, IconSearchOff } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { Link } from 'react-router';

import { getDashboards, type DashboardSummary } from '../../api/dashboards';
import { ErrorMessage } from '../../shared/components/ErrorMessage';
import { ListSkeleton } from '../../shared/components/ListSkeleton';
import { PageHeader } from '../../shared/components/PageHeader';
import { SearchInput } from '../../shared/components/SearchInput';
import { StateMessage } from '../../shared/components/StateMessage';
import { useUrlState } from '../../shared/useUrlState';

export function Component() {
  const [search, setSearch] = useUrlState('search');
  const dashboards = useQuery({ queryKey: ['dashboards'], queryFn: ({ signal }) => getDashboards(signal) });
  const all = dashboards.data ?? [];
  const shown = all.filter((dashboard) => matches(dashboard, search));
  return (
    <>
      <PageHeader title="Dashboards" description="Drawn from the Grafana files that Pharos was started with">
        <SearchInput value={search} onChange={setSearch} label="Search by title or tag" />
      </PageHeader>
      {dashboards.isPending ? <ListSkeleton /> : null}
      {dashboards.isError ? (
        <ErrorMessage
          title="The dashboards could not be listed"
          error={dashboards.error}
          onRetry={() => void dashboards.refetch()}
        />
      ) : null}
      {dashboards.isSuccess && all.length === 0 ? (
        <StateMessage icon={IconLayoutDashboard} title="No dashboards yet">
          Put Grafana dashboard files (JSON) into the folder that <code>--dashboards</code> names. They are
          read as they are, and again after a reload.
        </StateMessage>
      ) : null}
      {all.length > 0 && shown.length === 0 ? (
        <StateMessage icon={IconSearchOff} title="No dashboard matches">
          Neither a title nor a tag contains “{search}”.
        </StateMessage>
      ) : null}
      {shown.length > 0 ? <DashboardTable dashboards={shown} onTag={setSearch} /> : null}
    </>
  );
}

interface TableProps {
  dashboards: DashboardSummary[];
  onTag: (tag: string) => void;
}

function DashboardTable({ dashboards, onTag }: TableProps) {
  return (
    <div className="surface">
      <Table highlightOnHover verticalSpacing="sm" horizontalSpacing="md">
        <Table.Thead>
          <Table.Tr>
            <Table.Th>Title</Table.Th>
            <Table.Th visibleFrom="xs">Tags</Table.Th>
            <Table.Th visibleFrom="md">File</Table.Th>
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {dashboards.map((dashboard) => (
            <Table.Tr key={dashboard.uid}>
              <Table.Td>
                <Anchor component={Link} to={`/d/${encodeURIComponent(dashboard.uid)}`} fw={600}>
                  {dashboard.title}
                </Anchor>
              </Table.Td>
              <Table.Td visibleFrom="xs">
                <Group gap={4}>
                  {dashboard.tags.map((tag) => (
                    <Badge
                      key={tag}
                      component="button"
                      variant="default"
                      tt="none"
                      fw={500}
                      h={24}
                      onClick={() => onTag(tag)}
                      style={{ cursor: 'pointer' }}
                    >
                      {tag}
                    </Badge>
                  ))}
                </Group>
              </Table.Td>
              <Table.Td visibleFrom="md">
                <Text size="xs" c="dimmed" className="mono wrap-anywhere">
                  {dashboard.file}
                </Text>
              </Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </div>
  );
}

function matches(dashboard: DashboardSummary, search: string): boolean {
  const words = search.toLowerCase().split(/\s+/).filter(Boolean);
  const text = [dashboard.title, ...dashboard.tags].join(' ').toLowerCase();
  return words.every((word) => text.includes(word));
}
