import { Button, Group } from '@mantine/core';
import { useLocalStorage } from '@mantine/hooks';
import { notifications } from '@mantine/notifications';
import { IconPlayerPlay, IconWand } from '@tabler/icons-react';
import { useMutation } from '@tanstack/react-query';
import { lazy, Suspense, useState } from 'react';

import { formatLogQuery } from '../../api/loki';
import { IconButton } from '../../shared/components/IconButton';
import { HistoryMenu } from '../query/HistoryMenu';
import panelClasses from '../query/QueryPanel.module.css';
import type { CompletionSource } from './query/completions';
import { errorOffset } from './query/errorPlace';

const LogQLEditor = lazy(() => import('./query/LogQLEditor'));

interface Props {
  query: string;
  /** What the server said about this query. */
  error: string;
  source: CompletionSource;
  onRun: (query: string) => void;
}

const historyLimit = 50;

/** The query as it is typed; what was run is in the address. */
export function QueryBar({ query, error, source, onRun }: Props) {
  const [draft, setDraft] = useState(query);
  const [shown, setShown] = useState(query);
  const [history, setHistory] = useLocalStorage<string[]>({
    key: 'pharos.log-query-history',
    defaultValue: [],
  });
  if (shown !== query) {
    setShown(query);
    setDraft(query);
  }
  const run = (text: string) => {
    const wanted = text.trim();
    if (wanted !== '') {
      setHistory((old) => [wanted, ...old.filter((entry) => entry !== wanted)].slice(0, historyLimit));
    }
    onRun(wanted);
  };
  const format = useMutation({
    mutationFn: () => formatLogQuery(draft),
    onSuccess: setDraft,
    onError: (problem) =>
      notifications.show({ color: 'red', title: 'The query cannot be formatted', message: problem.message }),
  });
  const offset = error === '' || draft !== query ? null : errorOffset(error, query);
  return (
    <Group gap={6} align="flex-start" wrap="nowrap" className={panelClasses.editorRow}>
      <div className={panelClasses.editor}>
        <Suspense fallback={<div className={panelClasses.editorPlaceholder} />}>
          <LogQLEditor
            value={draft}
            source={source}
            problemOffset={offset}
            problemText={error}
            onChange={setDraft}
            onRun={run}
          />
        </Suspense>
      </div>
      <Group gap={2} wrap="nowrap" className={panelClasses.tools}>
        <IconButton
          label="Format the query"
          icon={IconWand}
          onClick={() => format.mutate()}
          disabled={!draft}
        />
        <HistoryMenu history={history} onPick={run} onClear={() => setHistory([])} />
      </Group>
      <Button size="sm" h={36} leftSection={<IconPlayerPlay size={15} />} onClick={() => run(draft)}>
        Run
      </Button>
    </Group>
  );
}
