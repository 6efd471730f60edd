import { SimpleGrid } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';

import { getStatus } from '../../api/prometheus';
import { ErrorMessage } from '../../shared/components/ErrorMessage';
import { ListSkeleton } from '../../shared/components/ListSkeleton';
import { FactTable } from './FactTable';

type Facts = Record<string, string | number | boolean | null>;

export function RuntimePanel() {
  const build = useQuery({
    queryKey: ['status', 'buildinfo'],
    queryFn: ({ signal }) => getStatus<Facts>('buildinfo', signal),
  });
  const runtime = useQuery({
    queryKey: ['status', 'runtimeinfo'],
    queryFn: ({ signal }) => getStatus<Facts>('runtimeinfo', signal),
  });
  const error = build.error ?? runtime.error;
  if (error) {
    return <ErrorMessage title="The status could not be read" error={error} />;
  }
  if (!build.data || !runtime.data) {
    return <ListSkeleton rows={2} height={180} />;
  }
  return (
    <SimpleGrid cols={{ base: 1, md: 2 }} spacing="sm">
      <FactTable title="Build" facts={toRows(build.data)} />
      <FactTable title="Runtime" facts={toRows(runtime.data)} />
    </SimpleGrid>
  );
}

/** `lastConfigTime` becomes "Last config time"; all capitals (GOMAXPROCS) stay. */
function toRows(facts: Facts): [string, string][] {
  return Object.entries(facts)
    .filter(([, value]) => value !== '' && value !== null)
    .map(([name, value]) => {
      const spaced = /^[A-Z]+$/.test(name)
        ? name
        : name.replace(/([a-z])([A-Z])/g, (_, a, b: string) => `${a} ${b.toLowerCase()}`);
      return [spaced.charAt(0).toUpperCase() + spaced.slice(1), String(value)];
    });
}
