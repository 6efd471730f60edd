import { Anchor, Group, Paper, SimpleGrid, Switch, Text } from '@mantine/core';
import { IconFlask } from '@tabler/icons-react';
import { Link } from 'react-router';

import type { Fault } from '../../api/pharos';
import { useServerInfo } from '../../app/useServerInfo';
import { ErrorMessage } from '../../shared/components/ErrorMessage';
import { ListSkeleton } from '../../shared/components/ListSkeleton';
import { PageHeader } from '../../shared/components/PageHeader';
import { StateBadge } from '../../shared/components/StateBadge';
import { StateMessage } from '../../shared/components/StateMessage';
import { useFaults } from './useFaults';

export function Component() {
  const info = useServerInfo();
  return info.demo ? (
    <Faults />
  ) : (
    <StateMessage icon={IconFlask} title="This is not the demo">
      Fault switches exist only where Pharos was started with <code>pharos demo</code>.
    </StateMessage>
  );
}

function Faults() {
  const { faults, setFault } = useFaults();
  return (
    <>
      <PageHeader
        title="Demo"
        description={
          <>
            Break the reference application and watch it travel: <Path to="/targets">targets</Path>,{' '}
            <Path to="/alerts">alerts</Path>, then the messages under{' '}
            <Path to="/notifications">notifications</Path>.
          </>
        }
      />
      {faults.isPending ? <ListSkeleton rows={3} height={90} /> : null}
      {faults.isError ? <ErrorMessage title="The faults could not be read" error={faults.error} /> : null}
      <SimpleGrid cols={{ base: 1, md: 2, xl: 3 }} spacing="sm">
        {(faults.data ?? []).map((fault) => (
          <FaultCard key={fault.name} fault={fault} onChange={(active) => setFault(fault.name, active)} />
        ))}
      </SimpleGrid>
    </>
  );
}

function FaultCard({ fault, onChange }: { fault: Fault; onChange: (active: boolean) => void }) {
  return (
    <Paper className="surface" p="md" data-fault={fault.name}>
      <Group justify="space-between" wrap="nowrap" mb={6}>
        <Switch
          checked={fault.active}
          color="red"
          label={<Text fw={600}>{fault.title}</Text>}
          onChange={(event) => onChange(event.currentTarget.checked)}
        />
        <StateBadge tone={fault.active ? 'red' : 'green'}>{fault.active ? 'on' : 'off'}</StateBadge>
      </Group>
      <Text size="sm" c="dimmed">
        {fault.description}
      </Text>
      {fault.target ? (
        <Text size="xs" c="dimmed" mt={6}>
          Affects <code>{fault.target}</code>
        </Text>
      ) : null}
    </Paper>
  );
}

function Path({ to, children }: { to: string; children: string }) {
  return (
    <Anchor component={Link} to={to} inherit underline="always">
      {children}
    </Anchor>
  );
}
