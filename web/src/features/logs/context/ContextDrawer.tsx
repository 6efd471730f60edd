import { Button, Drawer, Group, Text } from '@mantine/core';
import { useQuery, keepPreviousData } from '@tanstack/react-query';
import { useEffect, useRef, useState } from 'react';

import { getLogContext, type ContextLine } from '../../../api/logs';
import { ErrorMessage } from '../../../shared/components/ErrorMessage';
import { LabelChips } from '../../../shared/components/LabelChips';
import { ListSkeleton } from '../../../shared/components/ListSkeleton';
import type { LogEntry } from '../entries/entries';
import { levelOf } from '../entries/levels';
import { LineText } from '../lines/LineText';
import { formatExactTime, formatLineTime } from '../entries/nanoseconds';
import classes from './ContextDrawer.module.css';
import { contextSelector } from './contextSelector';

interface Props {
  entry: LogEntry;
  utc: boolean;
  onClose: () => void;
}

const firstLines = 30;
const moreLines = 100;
const mostLines = 1000;

/** What the stream said before and after a line, whatever the query filters. */
export function ContextDrawer({ entry, utc, onClose }: Props) {
  const [wanted, setWanted] = useState({ before: firstLines, after: firstLines });
  const selector = contextSelector(entry.stream);
  const context = useQuery({
    queryKey: ['logs', 'context', selector, entry.timeNs, wanted],
    queryFn: ({ signal }) => getLogContext(selector, entry.timeNs, wanted.before, wanted.after, signal),
    placeholderData: keepPreviousData,
  });
  return (
    <Drawer
      opened
      onClose={onClose}
      position="right"
      size="min(1100px, 96vw)"
      title="Lines around it"
      closeButtonProps={{ 'aria-label': 'Close' }}
    >
      <Group mb="xs">
        <LabelChips labels={entry.stream} />
      </Group>
      {context.isPending ? <ListSkeleton rows={12} height={20} /> : null}
      {context.isError ? (
        <ErrorMessage
          title="The lines around it could not be read"
          error={context.error}
          onRetry={() => void context.refetch()}
        />
      ) : null}
      {context.data ? (
        <>
          <Edge
            more={context.data.moreBefore && wanted.before < mostLines}
            words="The stream begins here"
            loading={context.isFetching}
            onMore={() => setWanted((old) => ({ ...old, before: old.before + moreLines }))}
          >
            Earlier lines
          </Edge>
          <Lines before={context.data.before} after={context.data.after} entry={entry} utc={utc} />
          <Edge
            more={context.data.moreAfter && wanted.after < mostLines}
            words="This is the newest line"
            loading={context.isFetching}
            onMore={() => setWanted((old) => ({ ...old, after: old.after + moreLines }))}
          >
            Later lines
          </Edge>
        </>
      ) : null}
    </Drawer>
  );
}

interface LinesProps {
  before: ContextLine[];
  after: ContextLine[];
  entry: LogEntry;
  utc: boolean;
}

function Lines({ before, after, entry, utc }: LinesProps) {
  const anchor = useRef<HTMLLIElement>(null);
  useEffect(() => {
    anchor.current?.scrollIntoView({ block: 'center' });
  }, []);
  const at = after.findIndex(({ timeNs, line }) => timeNs === entry.timeNs && line === entry.line);
  return (
    <ol className={classes.lines} aria-label="Lines around it">
      {[...before, ...after].map((line, i) => {
        const isIt = i === before.length + at;
        return (
          <li
            key={i - before.length}
            ref={isIt ? anchor : undefined}
            className={classes.line}
            data-anchor={isIt || undefined}
            data-level={levelOf(line.structuredMetadata, line.labels)}
            aria-current={isIt || undefined}
          >
            <span className={classes.time} title={formatExactTime(line.timeNs)}>
              {formatLineTime(line.timeNs, utc)}
            </span>
            <span className={classes.text}>
              <LineText line={line.line} terms={null} limit={2000} />
            </span>
          </li>
        );
      })}
    </ol>
  );
}

interface EdgeProps {
  more: boolean;
  words: string;
  loading: boolean;
  onMore: () => void;
  children: string;
}

function Edge({ more, words, loading, onMore, children }: EdgeProps) {
  return (
    <Group justify="center" py={6}>
      {more ? (
        <Button size="compact-xs" variant="default" loading={loading} onClick={onMore}>
          {children}
        </Button>
      ) : (
        <Text size="xs" c="dimmed">
          {words}
        </Text>
      )}
    </Group>
  );
}
