import { Button, Tabs } from '@mantine/core';
import { IconBellOff } from '@tabler/icons-react';
import { useIsFetching, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';

import type { Matcher } from '../../api/alertmanager';
import { PageHeader } from '../../shared/components/PageHeader';
import { RefreshPicker } from '../../shared/time/RefreshPicker';
import { useAutoRefresh } from '../../shared/useAutoRefresh';
import { useUrlState } from '../../shared/useUrlState';
import { AlertGroupsPanel } from './AlertGroupsPanel';
import { RuleAlertsPanel } from './RuleAlertsPanel';
import { SilenceDrawer } from './SilenceDrawer';
import { SilencesPanel } from './SilencesPanel';

export function Component() {
  const [tab, setTab] = useUrlState('tab', 'routed');
  const [silencing, setSilencing] = useState<Matcher[] | null>(null);
  const { refresh, setRefresh, intervalMs } = useAutoRefresh('5s');
  const client = useQueryClient();
  const busy = useIsFetching({ queryKey: ['alerts'] }) > 0;
  return (
    <>
      <PageHeader title="Alerts" description="What fires, whom it reaches, and what is silenced">
        <Button
          variant="default"
          leftSection={<IconBellOff size={15} />}
          onClick={() => setSilencing([{ name: '', value: '', isRegex: false, isEqual: true }])}
        >
          New silence
        </Button>
        <RefreshPicker
          refresh={refresh}
          busy={busy}
          onRefresh={() => void client.invalidateQueries({ queryKey: ['alerts'] })}
          onChange={setRefresh}
        />
      </PageHeader>
      <Tabs value={tab} onChange={(value) => setTab(value ?? 'routed')} keepMounted={false}>
        <Tabs.List mb="md">
          <Tabs.Tab value="routed">Routed</Tabs.Tab>
          <Tabs.Tab value="rules">By rule</Tabs.Tab>
          <Tabs.Tab value="silences">Silences</Tabs.Tab>
        </Tabs.List>
        <Tabs.Panel value="routed">
          <AlertGroupsPanel intervalMs={intervalMs} onSilence={setSilencing} />
        </Tabs.Panel>
        <Tabs.Panel value="rules">
          <RuleAlertsPanel intervalMs={intervalMs} />
        </Tabs.Panel>
        <Tabs.Panel value="silences">
          <SilencesPanel intervalMs={intervalMs} onSilence={setSilencing} />
        </Tabs.Panel>
      </Tabs>
      {silencing ? <SilenceDrawer matchers={silencing} onClose={() => setSilencing(null)} /> : null}
    </>
  );
}
