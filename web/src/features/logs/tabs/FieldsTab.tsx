import { Group, Loader, Table, Text, UnstyledButton } from '@mantine/core';
import { IconChevronDown, IconChevronRight, IconTags, IconZoomIn, IconZoomOut } from '@tabler/icons-react';
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { Fragment, useState } from 'react';

import { getDetectedFields, queryMoment, type DetectedField } from '../../../api/loki';
import { ErrorMessage } from '../../../shared/components/ErrorMessage';
import { IconButton } from '../../../shared/components/IconButton';
import { ListSkeleton } from '../../../shared/components/ListSkeleton';
import { StateMessage } from '../../../shared/components/StateMessage';
import type { FieldFilter } from '../query/editQuery';
import { nsOfMs } from '../entries/nanoseconds';
import { originOf, topValuesQuery } from './fieldQueries';
import classes from './tabs.module.css';

interface Props {
  query: string;
  fromMs: number;
  toMs: number;
  run: string;
  onFilter: (filter: FieldFilter) => void;
}

const readLines = 1000;

/** Which fields the lines have, how many values each of them, and the most frequent of these. */
export function FieldsTab({ query, fromMs, toMs, run, onFilter }: Props) {
  const [open, setOpen] = useState<string | null>(null);
  const fields = useQuery({
    queryKey: ['logs', 'fields', query, fromMs, toMs, run],
    queryFn: ({ signal }) =>
      getDetectedFields(query, { startNs: nsOfMs(fromMs), endNs: nsOfMs(toMs) }, readLines, signal),
    placeholderData: keepPreviousData,
  });
  if (fields.isPending) {
    return <ListSkeleton rows={8} height={28} />;
  }
  if (fields.isError) {
    return (
      <ErrorMessage
        title="The fields could not be read"
        error={fields.error}
        onRetry={() => void fields.refetch()}
      />
    );
  }
  if (fields.data.length === 0) {
    return (
      <StateMessage icon={IconTags} title="No fields in these lines">
        Fields are found in lines of JSON and logfmt and in structured metadata.
      </StateMessage>
    );
  }
  const sorted = [...fields.data].sort((a, b) => a.label.localeCompare(b.label));
  return (
    <>
      <Text size="xs" c="dimmed" mb={6}>
        Found in the newest {readLines.toLocaleString('en-US')} lines at most. Open a field for its most
        frequent values.
      </Text>
      <Table.ScrollContainer type="native" minWidth={480}>
        <Table fz="sm" aria-label="Fields">
          <Table.Thead>
            <Table.Tr>
              <Table.Th>Field</Table.Th>
              <Table.Th w={110}>Type</Table.Th>
              <Table.Th w={120} ta="right">
                Values
              </Table.Th>
              <Table.Th w={180}>Read by</Table.Th>
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {sorted.map((field) => (
              <Fragment key={field.label}>
                <Table.Tr>
                  <Table.Td>
                    <UnstyledButton
                      aria-expanded={open === field.label}
                      className="mono"
                      onClick={() => setOpen(open === field.label ? null : field.label)}
                    >
                      <Group gap={6} wrap="nowrap">
                        {open === field.label ? (
                          <IconChevronDown size={14} />
                        ) : (
                          <IconChevronRight size={14} />
                        )}
                        {field.label}
                      </Group>
                    </UnstyledButton>
                  </Table.Td>
                  <Table.Td>{field.type}</Table.Td>
                  <Table.Td ta="right" className="tabular">
                    {field.cardinality.toLocaleString('en-US')}
                  </Table.Td>
                  <Table.Td>{field.parsers?.join(', ') || 'structured metadata'}</Table.Td>
                </Table.Tr>
                {open === field.label ? (
                  <Table.Tr>
                    <Table.Td colSpan={4} bg="var(--ph-subtle)">
                      <TopValues
                        field={field}
                        query={query}
                        fromMs={fromMs}
                        toMs={toMs}
                        onFilter={onFilter}
                      />
                    </Table.Td>
                  </Table.Tr>
                ) : null}
              </Fragment>
            ))}
          </Table.Tbody>
        </Table>
      </Table.ScrollContainer>
    </>
  );
}

interface TopProps {
  field: DetectedField;
  query: string;
  fromMs: number;
  toMs: number;
  onFilter: (filter: FieldFilter) => void;
}

function TopValues({ field, query, fromMs, toMs, onFilter }: TopProps) {
  const top = useQuery({
    queryKey: ['logs', 'top', query, field.label, fromMs, toMs],
    queryFn: async ({ signal }) => {
      const { data } = await queryMoment(topValuesQuery(query, field, toMs - fromMs), nsOfMs(toMs), signal);
      return data.resultType === 'vector'
        ? data.result
            .map(({ metric, value }) => ({
              value: metric[field.label] ?? '',
              count: Number(value?.[1] ?? 0),
            }))
            .filter(({ value }) => value !== '')
            .sort((a, b) => b.count - a.count)
        : [];
    },
  });
  if (top.isPending) {
    return <Loader size={14} />;
  }
  if (top.isError) {
    return <ErrorMessage title="The values could not be counted" error={top.error} />;
  }
  const most = Math.max(1, ...top.data.map(({ count }) => count));
  const filter = (value: string, keep: boolean) =>
    onFilter({ name: field.label, value, keep, origin: originOf(field) });
  return (
    <Table withRowBorders={false} verticalSpacing={1} fz="sm" aria-label={`Values of ${field.label}`}>
      <Table.Tbody>
        {top.data.map(({ value, count }) => (
          <Table.Tr key={value}>
            <Table.Td w={64}>
              <Group gap={0} wrap="nowrap">
                <IconButton
                  label={`Filter for ${value}`}
                  icon={IconZoomIn}
                  onClick={() => filter(value, true)}
                />
                <IconButton
                  label={`Filter out ${value}`}
                  icon={IconZoomOut}
                  onClick={() => filter(value, false)}
                />
              </Group>
            </Table.Td>
            <Table.Td className="mono wrap-anywhere">{value}</Table.Td>
            <Table.Td w={110} ta="right" className="tabular">
              {count.toLocaleString('en-US')}
            </Table.Td>
            <Table.Td w={180}>
              <div className={classes.bar}>
                <div className={classes.barFill} style={{ width: `${(100 * count) / most}%` }} />
              </div>
            </Table.Td>
          </Table.Tr>
        ))}
      </Table.Tbody>
    </Table>
  );
}
