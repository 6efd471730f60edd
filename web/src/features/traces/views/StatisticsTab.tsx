import { Autocomplete, Group, Select, Table, Text, UnstyledButton } from '@mantine/core';
import { IconArrowDown, IconArrowUp } from '@tabler/icons-react';
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { Fragment, useState } from 'react';

import { getStatistics, type SpanGroup } from '../../../api/traces';
import { ErrorMessage } from '../../../shared/components/ErrorMessage';
import { ListSkeleton } from '../../../shared/components/ListSkeleton';
import { formatNs } from '../formatNs';
import { serviceColor } from '../serviceColor';
import classes from './tables.module.css';

type Column = Exclude<keyof SpanGroup, 'parts'>;

const columns: [Column, string][] = [
  ['spans', 'Spans'],
  ['errors', 'Errors'],
  ['totalNs', 'Total'],
  ['averageNs', 'Average'],
  ['minNs', 'Shortest'],
  ['maxNs', 'Longest'],
  ['selfTotalNs', 'Self total'],
  ['selfAverageNs', 'Self average'],
  ['selfMaxNs', 'Self longest'],
];

const shownRows = 500;

/** Sums of the spans by service, operation or an attribute; self time is what no child covers. */
export function StatisticsTab({ traceId, durationNs }: { traceId: string; durationNs: number }) {
  const [by, setBy] = useState('service');
  const [then, setThen] = useState('operation');
  const [sort, setSort] = useState<{ column: Column; down: boolean }>({ column: 'selfTotalNs', down: true });
  const answer = useQuery({
    queryKey: ['traces', 'statistics', traceId, by, then],
    queryFn: ({ signal }) => getStatistics(traceId, by, then, signal),
    staleTime: Infinity,
    placeholderData: keepPreviousData,
  });
  const sorted = (groups: SpanGroup[]) =>
    [...groups].sort((a, b) => compare(a, b, sort.column) * (sort.down ? -1 : 1));
  const groups = sorted(answer.data ?? []);
  const most = Math.max(1, ...groups.map(({ selfTotalNs }) => selfTotalNs));
  return (
    <div className={classes.tab}>
      <Group gap="sm" mb="xs" align="flex-end">
        <Autocomplete
          size="xs"
          label="By"
          w={220}
          data={['service', 'operation', 'kind']}
          defaultValue={by}
          onOptionSubmit={setBy}
          onBlur={(event) => setBy(event.currentTarget.value.trim() || 'service')}
          onKeyDown={(event) => event.key === 'Enter' && setBy(event.currentTarget.value.trim() || 'service')}
        />
        <Select
          size="xs"
          label="and within"
          w={160}
          clearable
          placeholder="nothing"
          data={['operation', 'service', 'kind']}
          value={then === '' ? null : then}
          onChange={(to) => setThen(to ?? '')}
        />
        <Text size="xs" c="dimmed">
          Or the key of an attribute, such as http.route. Self time is what no child span covers.
        </Text>
      </Group>
      {answer.isPending ? <ListSkeleton rows={4} height={30} /> : null}
      {answer.isError ? <ErrorMessage title="The statistics could not be made" error={answer.error} /> : null}
      {answer.data ? (
        <div className={classes.scroll} tabIndex={0} role="region" aria-label="Table of statistics">
          <Table aria-label="Statistics" className={classes.table} highlightOnHover>
            <Table.Thead>
              <Table.Tr>
                <SortHead title="Group" column="name" sort={sort} onSort={setSort} />
                {columns.map(([column, title]) => (
                  <SortHead key={column} title={title} column={column} sort={sort} onSort={setSort} />
                ))}
                <Table.Th>Share of self time</Table.Th>
              </Table.Tr>
            </Table.Thead>
            <Table.Tbody>
              {groups.slice(0, shownRows).map((group) => (
                <Fragment key={group.name}>
                  <GroupRow group={group} by={by} most={most} durationNs={durationNs} />
                  {sorted(group.parts)
                    .slice(0, shownRows)
                    .map((part) => (
                      <GroupRow
                        key={part.name}
                        group={part}
                        by={then}
                        most={most}
                        durationNs={durationNs}
                        inner
                      />
                    ))}
                </Fragment>
              ))}
            </Table.Tbody>
          </Table>
        </div>
      ) : null}
    </div>
  );
}

function compare(a: SpanGroup, b: SpanGroup, column: Column): number {
  return column === 'name' ? -a.name.localeCompare(b.name) : a[column] - b[column];
}

interface RowProps {
  group: SpanGroup;
  by: string;
  most: number;
  durationNs: number;
  inner?: boolean;
}

function GroupRow({ group, by, most, durationNs, inner = false }: RowProps) {
  const color = by === 'service' && !inner ? serviceColor(group.name) : undefined;
  return (
    <Table.Tr data-inner={inner || undefined}>
      <Table.Th scope="row" className={classes.name}>
        {color ? <i style={{ background: color }} /> : null}
        {group.name || 'without it'}
      </Table.Th>
      {columns.map(([column]) => (
        <Table.Td key={column} data-error={(column === 'errors' && group.errors > 0) || undefined}>
          {column === 'spans' || column === 'errors' ? group[column] : formatNs(group[column] as number)}
        </Table.Td>
      ))}
      <Table.Td>
        <span
          className={classes.share}
          title={`${((100 * group.selfTotalNs) / Math.max(1, durationNs)).toFixed(1)}% of the trace's duration`}
        >
          <span style={{ width: `${(100 * group.selfTotalNs) / most}%` }} />
        </span>
      </Table.Td>
    </Table.Tr>
  );
}

interface HeadProps {
  title: string;
  column: Column;
  sort: { column: Column; down: boolean };
  onSort: (sort: { column: Column; down: boolean }) => void;
}

function SortHead({ title, column, sort, onSort }: HeadProps) {
  const chosen = sort.column === column;
  const Arrow = sort.down ? IconArrowDown : IconArrowUp;
  return (
    <Table.Th aria-sort={chosen ? (sort.down ? 'descending' : 'ascending') : 'none'}>
      <UnstyledButton
        className={classes.sort}
        onClick={() => onSort({ column, down: chosen ? !sort.down : true })}
      >
        {title} {chosen ? <Arrow size={12} aria-hidden /> : null}
      </UnstyledButton>
    </Table.Th>
  );
}
