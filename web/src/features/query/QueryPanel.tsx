import { Button, Group, Tabs, Text } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import { IconPlayerPlay, IconTrash, IconWand } from '@tabler/icons-react';
import { useMutation } from '@tanstack/react-query';
import { lazy, Suspense, useState } from 'react';

import { formatQuery } from '../../api/prometheus';
import { IconButton } from '../../shared/components/IconButton';
import { GraphTab } from './GraphTab';
import { HistoryMenu } from './HistoryMenu';
import classes from './QueryPanel.module.css';
import { TableTab } from './TableTab';
import type { QueryPanelState } from './queryUrl';

const PromQLEditor = lazy(() => import('./PromQLEditor'));

interface Props {
  state: QueryPanelState;
  history: string[];
  onChange: (state: QueryPanelState) => void;
  onClearHistory: () => void;
  onRemove?: () => void;
}

/** One expression with its table and its graph. What was run is in the URL; what is being typed is not. */
export function QueryPanel({ state, history, onChange, onClearHistory, onRemove }: Props) {
  const [draft, setDraft] = useState(state.expr);
  const [shownExpr, setShownExpr] = useState(state.expr);
  const [run, setRun] = useState(0);
  if (shownExpr !== state.expr) {
    setShownExpr(state.expr);
    setDraft(state.expr);
  }
  const execute = (expr: string) => {
    setRun((old) => old + 1);
    onChange({ ...state, expr: expr.trim() });
  };
  const format = useMutation({
    mutationFn: () => formatQuery(draft),
    onSuccess: setDraft,
    onError: (error) =>
      notifications.show({
        color: 'red',
        title: 'The expression cannot be formatted',
        message: error.message,
      }),
  });
  return (
    <section className={`surface ${classes.panel}`} aria-label="Query">
      <Group gap={6} align="flex-start" wrap="nowrap" className={classes.editorRow}>
        <div className={classes.editor}>
          <Suspense fallback={<div className={classes.editorPlaceholder} />}>
            <PromQLEditor value={draft} onChange={setDraft} onRun={execute} />
          </Suspense>
        </div>
        <Group gap={2} wrap="nowrap" className={classes.tools}>
          <IconButton
            label="Format the expression"
            icon={IconWand}
            onClick={() => format.mutate()}
            disabled={!draft}
          />
          <HistoryMenu history={history} onPick={execute} onClear={onClearHistory} />
          {onRemove ? <IconButton label="Remove this panel" icon={IconTrash} onClick={onRemove} /> : null}
        </Group>
        <Button size="sm" h={36} leftSection={<IconPlayerPlay size={15} />} onClick={() => execute(draft)}>
          Run
        </Button>
      </Group>
      <Tabs
        value={state.tab}
        onChange={(tab) => onChange({ ...state, tab: tab === 'graph' ? 'graph' : 'table' })}
        keepMounted={false}
      >
        <Tabs.List px="sm">
          <Tabs.Tab value="table">Table</Tabs.Tab>
          <Tabs.Tab value="graph">Graph</Tabs.Tab>
        </Tabs.List>
        <Tabs.Panel value="table" p="sm">
          {state.expr === '' ? <Invitation /> : <TableTab state={state} run={run} onChange={onChange} />}
        </Tabs.Panel>
        <Tabs.Panel value="graph" p="sm">
          {state.expr === '' ? <Invitation /> : <GraphTab state={state} run={run} onChange={onChange} />}
        </Tabs.Panel>
      </Tabs>
    </section>
  );
}

function Invitation() {
  return (
    <Text size="sm" c="dimmed" py="lg" ta="center">
      Type an expression and press Enter. Ctrl and Space complete metric names, labels and functions.
    </Text>
  );
}
