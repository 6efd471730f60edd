import { Code, Tabs } from '@mantine/core';
import { IconFileOff } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';

import { getStatus } from '../../api/prometheus';
import { ErrorMessage } from '../../shared/components/ErrorMessage';
import { ListSkeleton } from '../../shared/components/ListSkeleton';
import { PageHeader } from '../../shared/components/PageHeader';
import { StateMessage } from '../../shared/components/StateMessage';
import { useUrlState } from '../../shared/useUrlState';
import { FlagTable } from './FlagTable';
import { RuntimePanel } from './RuntimePanel';
import { TsdbPanel } from './TsdbPanel';

export function Component() {
  const [tab, setTab] = useUrlState('tab', 'runtime');
  return (
    <>
      <PageHeader title="Status" description="This server: build, storage, flags and configuration" />
      <Tabs value={tab} onChange={(value) => setTab(value ?? 'runtime')} keepMounted={false}>
        <Tabs.List mb="md">
          <Tabs.Tab value="runtime">Build and runtime</Tabs.Tab>
          <Tabs.Tab value="tsdb">Metric store</Tabs.Tab>
          <Tabs.Tab value="flags">Flags</Tabs.Tab>
          <Tabs.Tab value="config">Configuration</Tabs.Tab>
        </Tabs.List>
        <Tabs.Panel value="runtime">
          <RuntimePanel />
        </Tabs.Panel>
        <Tabs.Panel value="tsdb">
          <TsdbPanel />
        </Tabs.Panel>
        <Tabs.Panel value="flags">
          <FlagTable />
        </Tabs.Panel>
        <Tabs.Panel value="config">
          <ConfigText />
        </Tabs.Panel>
      </Tabs>
    </>
  );
}

function ConfigText() {
  const config = useQuery({
    queryKey: ['status', 'config'],
    queryFn: ({ signal }) => getStatus<{ yaml: string }>('config', signal),
  });
  if (config.isError) {
    return <ErrorMessage title="The configuration could not be read" error={config.error} />;
  }
  if (config.data?.yaml === '') {
    return (
      <StateMessage icon={IconFileOff} title="No configuration text">
        The server does not say what it read. The files themselves are where it was started with them.
      </StateMessage>
    );
  }
  return config.data ? (
    <Code block p="md" className="surface" style={{ fontSize: 12.5 }}>
      {config.data.yaml}
    </Code>
  ) : (
    <ListSkeleton rows={1} height={400} />
  );
}
