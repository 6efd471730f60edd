import { Button, Group, Loader, Text } from '@mantine/core';
import { IconDatabaseOff } from '@tabler/icons-react';
import { useCallback, useEffect } from 'react';

import type { NsRange } from '../../../api/loki';
import { formatValue } from '../../../charts/formatValue';
import { ErrorMessage } from '../../../shared/components/ErrorMessage';
import { ListSkeleton } from '../../../shared/components/ListSkeleton';
import { Notice } from '../../../shared/components/Notice';
import { StateMessage } from '../../../shared/components/StateMessage';
import { formatDurationSec } from '../../../shared/time/duration';
import type { LogsState } from '../logsUrl';
import { DownloadMenu } from './DownloadMenu';
import { LogList } from './LogList';
import classes from './LinesPanel.module.css';
import { heldLines, useLogLines } from './useLogLines';

interface Props {
  state: LogsState;
  query: string;
  range: NsRange;
  run: string;
  height: number;
  onChange: (change: Partial<LogsState>) => void;
  onError: (message: string) => void;
}

/** The lines of the range, and how many there were, how long it took and what was read for them. */
export function LinesPanel({ state, query, range, run, height, onChange, onError }: Props) {
  const { direction, wrap, utc, line } = state;
  const lines = useLogLines({ query, range, direction, line, run }, true);
  const { entries, hasNextPage, isFetchingNextPage, fetchNextPage, error, isPlaceholderData } = lines;
  const first = lines.data?.pages[0];

  useEffect(() => onError(error?.message ?? ''), [error, onError]);

  const more = useCallback(() => {
    if (hasNextPage && !isFetchingNextPage && !isPlaceholderData) {
      void fetchNextPage();
    }
  }, [hasNextPage, isFetchingNextPage, isPlaceholderData, fetchNextPage]);

  if (lines.isPending) {
    return (
      <div className={classes.message}>
        <ListSkeleton rows={14} height={18} />
      </div>
    );
  }
  if (lines.isError && entries.length === 0) {
    return (
      <div className={classes.message}>
        <ErrorMessage title="The query failed" error={lines.error} onRetry={() => void lines.refetch()} />
      </div>
    );
  }
  if (entries.length === 0) {
    return (
      <StateMessage icon={IconDatabaseOff} title="No line fits">
        No line of this range fits the selector and the filters. Take a longer range, or one filter less.
        Lines that were sent but refused are under Rejected.
      </StateMessage>
    );
  }
  const summary = first?.stats?.summary;
  return (
    <>
      <div className={classes.toolbar}>
        <Group gap="sm" px="sm" py={2}>
          <Text size="xs" c="dimmed" className="tabular" aria-live="polite">
            {entries.length.toLocaleString('en-US')}
            {hasNextPage ? '+' : ''} lines · {formatDurationSec((first?.tookMs ?? 0) / 1000)}
            {summary?.totalBytesProcessed
              ? ` · ${formatValue(summary.totalBytesProcessed, 'bytes')} read`
              : ''}
          </Text>
          {lines.isFetching ? <Loader size={12} /> : null}
          <DownloadMenu entries={entries} />
        </Group>
        {line !== '' ? (
          <Group px="sm" pb={4} gap="sm">
            <Text size="xs">The list begins with the line of the link.</Text>
            <Button size="compact-xs" variant="default" onClick={() => onChange({ line: '' })}>
              Show the whole range
            </Button>
          </Group>
        ) : null}
        {[...new Set(lines.data?.pages.flatMap((page) => page.warnings))].map((warning) => (
          <Notice key={warning}>{warning}</Notice>
        ))}
      </div>
      <div style={{ height }}>
        <LogList
          key={`${direction} ${line}`}
          entries={entries}
          query={query}
          wrap={wrap}
          utc={utc}
          linked={line}
          onNearEnd={more}
          footer={<Footer lines={lines} direction={direction} />}
        />
      </div>
    </>
  );
}

function Footer({
  lines,
  direction,
}: {
  lines: ReturnType<typeof useLogLines>;
  direction: LogsState['direction'];
}) {
  if (lines.isFetchNextPageError) {
    return (
      <Group justify="center" gap="sm">
        {lines.error?.message}
        <Button size="compact-xs" variant="default" onClick={() => void lines.fetchNextPage()}>
          Try again
        </Button>
      </Group>
    );
  }
  if (lines.hasNextPage) {
    return (
      <Group justify="center" gap="xs">
        <Loader size={12} /> More lines
      </Group>
    );
  }
  return lines.entries.length >= heldLines ? (
    <>
      The browser holds {heldLines.toLocaleString('en-US')} lines at most. Narrow the range or the query for
      others.
    </>
  ) : (
    <>{direction === 'backward' ? 'The range begins here.' : 'The range ends here.'}</>
  );
}
