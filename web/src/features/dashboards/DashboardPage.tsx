import { Badge, Group, Title } from '@mantine/core';
import { useDocumentTitle, useHotkeys } from '@mantine/hooks';
import { IconArrowLeft, IconLayoutOff } from '@tabler/icons-react';
import { useIsFetching, useQuery } from '@tanstack/react-query';
import { useMemo } from 'react';
import { useParams, useSearchParams } from 'react-router';

import { getDashboard, type Dashboard } from '../../api/dashboards';
import { ApiError } from '../../api/http';
import { ErrorMessage } from '../../shared/components/ErrorMessage';
import { IconButton } from '../../shared/components/IconButton';
import { ListSkeleton } from '../../shared/components/ListSkeleton';
import { Notice } from '../../shared/components/Notice';
import { StateMessage } from '../../shared/components/StateMessage';
import { RefreshPicker } from '../../shared/time/RefreshPicker';
import { TimeRangePicker } from '../../shared/time/TimeRangePicker';
import { useTimeRange } from '../../shared/time/useTimeRange';
import { DashboardSection } from './DashboardSection';
import { PanelCard } from './PanelCard';
import { findPanel, toSections } from './sections';
import { useVariables, variableQuery } from './useVariables';
import { VariableBar } from './VariableBar';

export function Component() {
  const uid = useParams().uid ?? '';
  const [params] = useSearchParams();
  const query = variableQuery(params);
  const dashboard = useQuery({
    queryKey: ['dashboard', uid, query],
    queryFn: ({ signal }) => getDashboard(uid, query, signal),
    placeholderData: (previous) => (previous?.uid === uid ? previous : undefined),
    staleTime: 60_000,
  });
  if (dashboard.isPending) {
    return <ListSkeleton rows={4} height={220} />;
  }
  if (dashboard.isError) {
    return dashboard.error instanceof ApiError && dashboard.error.status === 404 ? (
      <StateMessage icon={IconLayoutOff} title="There is no such dashboard">
        No loaded file has the uid <code>{uid}</code>. It may have been renamed or removed.
      </StateMessage>
    ) : (
      <ErrorMessage
        title="The dashboard could not be read"
        error={dashboard.error}
        onRetry={() => void dashboard.refetch()}
      />
    );
  }
  return <DashboardView key={uid} dashboard={dashboard.data} />;
}

const noVariables: never[] = [];

function DashboardView({ dashboard }: { dashboard: Dashboard }) {
  useDocumentTitle(`${dashboard.title} · Pharos`);
  const [params, setParams] = useSearchParams();
  const range = useTimeRange({
    from: dashboard.time?.from || 'now-6h',
    to: dashboard.time?.to || 'now',
    refresh: dashboard.refresh ?? '',
  });
  const { values, setVariable } = useVariables(dashboard.variables ?? noVariables);
  const busy = useIsFetching({ queryKey: ['panel', dashboard.uid] }) > 0;
  const sections = useMemo(() => toSections(dashboard.panels), [dashboard.panels]);
  const viewed = useMemo(
    () => findPanel(dashboard.panels, params.get('viewPanel')),
    [dashboard.panels, params],
  );

  const setView = (id: number | null) =>
    setParams((old) => {
      const next = new URLSearchParams(old);
      if (id === null) {
        next.delete('viewPanel');
      } else {
        next.set('viewPanel', String(id));
      }
      return next;
    });
  useHotkeys([['Escape', () => viewed && setView(null)]]);
  const context = { uid: dashboard.uid, range, variables: values, onView: setView };

  return (
    <>
      {params.has('kiosk') ? null : (
        <Group justify="space-between" mb="xs" gap="xs">
          <Group gap="xs" wrap="nowrap" miw={0}>
            {viewed ? (
              <IconButton label="Back to the dashboard" icon={IconArrowLeft} onClick={() => setView(null)} />
            ) : null}
            <Title order={1} size="h3">
              {dashboard.title}
            </Title>
            {dashboard.tags.map((tag) => (
              <Badge key={tag} variant="default" tt="none" fw={500} visibleFrom="lg">
                {tag}
              </Badge>
            ))}
          </Group>
          <Group gap={6}>
            <TimeRangePicker range={range} />
            <RefreshPicker
              refresh={range.refresh}
              busy={busy}
              onRefresh={range.refreshNow}
              onChange={range.setRefresh}
            />
          </Group>
        </Group>
      )}
      <VariableBar variables={dashboard.variables ?? noVariables} values={values} onChange={setVariable} />
      {(dashboard.warnings ?? []).map((warning) => (
        <Notice key={warning}>{warning}</Notice>
      ))}
      {viewed ? (
        <div style={{ height: 'calc(100dvh - 130px)', minHeight: 320 }}>
          <PanelCard panel={viewed} context={context} viewed />
        </div>
      ) : (
        sections.map((section, i) => (
          <DashboardSection key={section.row?.id ?? `top-${i}`} section={section} context={context} />
        ))
      )}
      {dashboard.panels.length === 0 ? (
        <StateMessage icon={IconLayoutOff} title="This dashboard has no panels" />
      ) : null}
    </>
  );
}
