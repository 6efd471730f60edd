import { Table, Text } from '@mantine/core';
import { IconFileImport } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';

import { getShippedJobs, type ShippedFile, type ShippedJob } from '../../../api/logs';
import { formatValue } from '../../../charts/formatValue';
import { Collapsible } from '../../../shared/components/Collapsible';
import { ErrorMessage } from '../../../shared/components/ErrorMessage';
import { LabelChips } from '../../../shared/components/LabelChips';
import { ListSkeleton } from '../../../shared/components/ListSkeleton';
import { StateBadge } from '../../../shared/components/StateBadge';
import { StateMessage } from '../../../shared/components/StateMessage';

/** What this server reads itself, as promtail.yml says: files and how far they are, what is left out, what is wrong. */
export function ShippedTab({ run }: { run: string }) {
  const jobs = useQuery({
    queryKey: ['logs', 'shipped', run],
    queryFn: ({ signal }) => getShippedJobs(signal),
    refetchInterval: 5_000,
  });
  if (jobs.isPending) {
    return <ListSkeleton rows={3} height={60} />;
  }
  if (jobs.isError) {
    return (
      <ErrorMessage
        title="The shipped files could not be read"
        error={jobs.error}
        onRetry={() => void jobs.refetch()}
      />
    );
  }
  if (jobs.data.length === 0) {
    return (
      <StateMessage icon={IconFileImport} title="This server ships no files">
        Lines come from clients only. With a <code>promtail.yml</code> among its files the server reads logs
        itself.
      </StateMessage>
    );
  }
  return jobs.data.map((job) => <Job key={job.job} job={job} />);
}

function Job({ job }: { job: ShippedJob }) {
  const faults = [...job.files, ...job.sources].filter((one) => one.fault !== '').length;
  const found = job.files.length + job.sources.length;
  return (
    <Collapsible
      title={
        <>
          {job.job}
          <StateBadge tone={faults > 0 ? 'red' : found === 0 ? 'amber' : 'green'}>
            {faults > 0 ? `${faults} failing` : found === 0 ? 'nothing found' : 'reading'}
          </StateBadge>
        </>
      }
      aside={
        <span className="tabular">{job.files.length === 1 ? '1 file' : `${job.files.length} files`}</span>
      }
    >
      {job.sources.map((source) => (
        <Text key={source.kind} size="sm" p="sm">
          <span className="mono">{source.kind}</span>{' '}
          {source.fault === '' ? (
            'is open'
          ) : (
            <span style={{ color: 'var(--ph-red-text)' }}>{source.fault}</span>
          )}
        </Text>
      ))}
      {job.files.length > 0 ? <Files files={job.files} /> : null}
      {job.files.length === 0 && job.sources.length === 0
        ? job.patterns.map(({ pattern }) => (
            <Text key={pattern} size="sm" p="sm">
              No file is named <span className="mono wrap-anywhere">{pattern}</span>
            </Text>
          ))
        : null}
      {job.dropped.map(({ discoveredLabels, reason }) => (
        <div key={JSON.stringify(discoveredLabels)} style={{ padding: 12 }}>
          <Text size="xs" c="dimmed" mb={4}>
            Left out: {reason}
          </Text>
          <LabelChips labels={discoveredLabels} />
        </div>
      ))}
    </Collapsible>
  );
}

function Files({ files }: { files: ShippedFile[] }) {
  return (
    <Table.ScrollContainer type="native" minWidth={640}>
      <Table fz="sm" verticalSpacing={8}>
        <Table.Thead>
          <Table.Tr>
            <Table.Th>File</Table.Th>
            <Table.Th>Labels</Table.Th>
            <Table.Th w={110} ta="right">
              Shipped
            </Table.Th>
            <Table.Th w={110} ta="right">
              Behind
            </Table.Th>
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {files.map((file) => (
            <Table.Tr key={`${file.client} ${file.path}`}>
              <Table.Td style={{ verticalAlign: 'top' }} className="wrap-anywhere">
                {file.path}
                {file.fault === '' ? null : (
                  <Text size="xs" c="var(--ph-red-text)">
                    {file.fault}
                  </Text>
                )}
              </Table.Td>
              <Table.Td style={{ verticalAlign: 'top' }}>
                <LabelChips labels={file.labels} />
              </Table.Td>
              <Table.Td style={{ verticalAlign: 'top' }} ta="right" className="tabular">
                {formatValue(file.offsetBytes, 'bytes')}
              </Table.Td>
              <Table.Td style={{ verticalAlign: 'top' }} ta="right" className="tabular">
                {formatValue(Math.max(0, file.sizeBytes - file.offsetBytes), 'bytes')}
              </Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </Table.ScrollContainer>
  );
}
