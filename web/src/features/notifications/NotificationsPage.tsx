import { Tabs } from '@mantine/core';

import { useServerInfo } from '../../app/useServerInfo';
import { PageHeader } from '../../shared/components/PageHeader';
import { RefreshPicker } from '../../shared/time/RefreshPicker';
import { useAutoRefresh } from '../../shared/useAutoRefresh';
import { useUrlState } from '../../shared/useUrlState';
import { useIsFetching, useQueryClient } from '@tanstack/react-query';
import { HistoryPanel } from './HistoryPanel';
import { MessagesPanel } from './MessagesPanel';

export function Component() {
  const info = useServerInfo();
  const [chosen, setTab] = useUrlState('tab');
  const { refresh, setRefresh, intervalMs } = useAutoRefresh('5s');
  const client = useQueryClient();
  const busy = useIsFetching({ queryKey: ['notifications'] }) > 0;
  const tab = chosen || (info.demo ? 'messages' : 'history');
  return (
    <>
      <PageHeader title="Notifications" description="What left Pharos, to whom, and whether it arrived">
        <RefreshPicker
          refresh={refresh}
          busy={busy}
          onRefresh={() => void client.invalidateQueries({ queryKey: ['notifications'] })}
          onChange={setRefresh}
        />
      </PageHeader>
      <Tabs value={tab} onChange={(value) => setTab(value ?? '')} keepMounted={false}>
        <Tabs.List mb="md">
          {info.demo ? <Tabs.Tab value="messages">Messages</Tabs.Tab> : null}
          <Tabs.Tab value="history">History</Tabs.Tab>
        </Tabs.List>
        <Tabs.Panel value="messages">
          <MessagesPanel intervalMs={intervalMs} />
        </Tabs.Panel>
        <Tabs.Panel value="history">
          <HistoryPanel intervalMs={intervalMs} />
        </Tabs.Panel>
      </Tabs>
    </>
  );
}
