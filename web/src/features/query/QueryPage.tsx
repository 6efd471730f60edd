import { Button } from '@mantine/core';
import { IconPlus } from '@tabler/icons-react';
import { useMemo } from 'react';
import { useSearchParams } from 'react-router';

import { PageHeader } from '../../shared/components/PageHeader';
import { QueryPanel } from './QueryPanel';
import { newPanel, readPanels, writePanels, type QueryPanelState } from './queryUrl';
import { useHistory } from './useHistory';

export function Component() {
  const [params, setParams] = useSearchParams();
  const panels = useMemo(() => readPanels(params), [params]);
  const { history, remember, clear } = useHistory();
  const write = (next: QueryPanelState[]) => setParams(writePanels(next));
  const change = (index: number, state: QueryPanelState) => {
    if (state.expr !== panels[index].expr && state.expr !== '') {
      remember(state.expr);
    }
    write(panels.map((old, i) => (i === index ? state : old)));
  };
  return (
    <>
      <PageHeader title="Query" description="Ask the metric store in PromQL" />
      {panels.map((panel, i) => (
        <QueryPanel
          key={`${i} of ${panels.length}`}
          state={panel}
          history={history}
          onChange={(state) => change(i, state)}
          onClearHistory={clear}
          onRemove={panels.length > 1 ? () => write(panels.filter((_, other) => other !== i)) : undefined}
        />
      ))}
      <Button
        variant="default"
        leftSection={<IconPlus size={15} />}
        onClick={() => write([...panels, { ...newPanel, tab: panels[panels.length - 1].tab }])}
      >
        Add panel
      </Button>
    </>
  );
}
