import { SimpleGrid } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';

import { getStatus, type TsdbStat, type TsdbStatus } from '../../api/prometheus';
import { ErrorMessage } from '../../shared/components/ErrorMessage';
import { ListSkeleton } from '../../shared/components/ListSkeleton';
import { formatDateTime } from '../../shared/time/formatTime';
import { FactTable } from './FactTable';

const headNames: Record<string, string> = {
  numSeries: 'Active series',
  numLabelPairs: 'Label pairs',
  chunkCount: 'Chunks',
  minTime: 'Oldest sample in memory',
  maxTime: 'Newest sample',
};

export function TsdbPanel() {
  const tsdb = useQuery({
    queryKey: ['status', 'tsdb'],
    queryFn: ({ signal }) => getStatus<TsdbStatus>('tsdb', signal),
  });
  if (tsdb.isError) {
    return <ErrorMessage title="The statistics could not be read" error={tsdb.error} />;
  }
  if (!tsdb.data) {
    return <ListSkeleton rows={2} height={180} />;
  }
  return (
    <SimpleGrid cols={{ base: 1, md: 2 }} spacing="sm">
      <FactTable title="Head" facts={headFacts(tsdb.data.headStats ?? {})} />
      <FactTable title="Most series by metric" facts={statFacts(tsdb.data.seriesCountByMetricName)} />
      <FactTable title="Most values by label" facts={statFacts(tsdb.data.labelValueCountByLabelName)} />
      <FactTable title="Most series by label pair" facts={statFacts(tsdb.data.seriesCountByLabelValuePair)} />
    </SimpleGrid>
  );
}

function headFacts(stats: Record<string, number>): [string, string][] {
  return Object.entries(stats).map(([name, value]) => [
    headNames[name] ?? name,
    name.endsWith('Time') ? timeText(value) : value.toLocaleString('en-US'),
  ]);
}

/** An empty head reports the extremes of a 64-bit integer. */
function timeText(ms: number): string {
  return Math.abs(ms) > 8.64e15 ? 'none yet' : formatDateTime(ms);
}

function statFacts(stats: TsdbStat[] | undefined): [string, string][] {
  return (stats ?? []).map((stat) => [stat.name, stat.value.toLocaleString('en-US')]);
}
