import { Button, Group, Table, Text } from '@mantine/core';
import { IconZoomIn, IconZoomOut, IconWaveSawTool } from '@tabler/icons-react';
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { useMemo, useState } from 'react';

import { getPatterns } from '../../../api/loki';
import { ErrorMessage } from '../../../shared/components/ErrorMessage';
import { IconButton } from '../../../shared/components/IconButton';
import { ListSkeleton } from '../../../shared/components/ListSkeleton';
import { StateBadge } from '../../../shared/components/StateBadge';
import { StateMessage } from '../../../shared/components/StateMessage';
import { barsOf } from '../histogram/levelSeries';
import { levelFromName } from '../entries/levels';
import { nsOfMs } from '../entries/nanoseconds';
import { levelTones } from './levelTones';
import { patternRows, type PatternRow } from './patternRows';
import { PatternSpark } from './PatternSpark';
import classes from './tabs.module.css';

interface Props {
  query: string;
  fromMs: number;
  toMs: number;
  run: string;
  onFilter: (op: '|>' | '!>', pattern: string) => void;
}

const pageRows = 100;
/** The server counts patterns no finer. */
const patternStepSec = 10;

/** The shapes that the lines have, the most frequent first; each can be kept or left out by a click. */
export function PatternsTab({ query, fromMs, toMs, run, onFilter }: Props) {
  const [limit, setLimit] = useState(pageRows);
  const bars = useMemo(() => barsOf(fromMs, toMs, patternStepSec), [fromMs, toMs]);
  const patterns = useQuery({
    queryKey: ['logs', 'patterns', query, fromMs, toMs, run],
    queryFn: async ({ signal }) =>
      patternRows(
        await getPatterns(query, { startNs: nsOfMs(fromMs), endNs: nsOfMs(toMs) }, bars.stepSec, signal),
        bars,
      ),
    placeholderData: keepPreviousData,
  });
  if (patterns.isPending) {
    return <ListSkeleton rows={8} height={28} />;
  }
  if (patterns.isError) {
    return (
      <ErrorMessage
        title="The patterns could not be read"
        error={patterns.error}
        onRetry={() => void patterns.refetch()}
      />
    );
  }
  if (patterns.data.length === 0) {
    return (
      <StateMessage icon={IconWaveSawTool} title="No patterns in this range">
        Patterns are found among the lines of the selected streams. Take a longer range, or other streams.
      </StateMessage>
    );
  }
  const all = patterns.data.reduce((sum, { count }) => sum + count, 0);
  return (
    <>
      <Table.ScrollContainer type="native" minWidth={860}>
        <Table highlightOnHover fz="sm" aria-label="Patterns" className={classes.table}>
          <Table.Thead>
            <Table.Tr>
              <Table.Th w={130}>Over time</Table.Th>
              <Table.Th ta="right" w={90}>
                Lines
              </Table.Th>
              <Table.Th ta="right" w={70}>
                Share
              </Table.Th>
              <Table.Th w={90}>Level</Table.Th>
              <Table.Th>Pattern</Table.Th>
              <Table.Th w={80} aria-label="Actions" />
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {patterns.data.slice(0, limit).map((row) => (
              <Row key={`${row.pattern} ${row.level}`} row={row} all={all} onFilter={onFilter} />
            ))}
          </Table.Tbody>
        </Table>
      </Table.ScrollContainer>
      {patterns.data.length > limit ? (
        <Group mt="xs">
          <Button size="compact-xs" variant="default" onClick={() => setLimit(limit + pageRows)}>
            Show more of {patterns.data.length}
          </Button>
        </Group>
      ) : null}
    </>
  );
}

function Row({ row, all, onFilter }: { row: PatternRow; all: number; onFilter: Props['onFilter'] }) {
  const level = levelFromName(row.level);
  return (
    <Table.Tr>
      <Table.Td>
        <PatternSpark counts={row.counts} level={level} />
      </Table.Td>
      <Table.Td ta="right" className="tabular">
        {row.count.toLocaleString('en-US')}
      </Table.Td>
      <Table.Td ta="right" className="tabular">
        {((100 * row.count) / Math.max(1, all)).toFixed(1)}%
      </Table.Td>
      <Table.Td>
        {level === 'unknown' ? null : <StateBadge tone={levelTones[level]}>{level}</StateBadge>}
      </Table.Td>
      <Table.Td>
        <button type="button" className={classes.pattern} onClick={() => onFilter('|>', row.pattern)}>
          {row.pattern
            .replaceAll('\u001b', '␛')
            .split('<_>')
            .map((text, i) => (
              <span key={i}>
                {i > 0 ? <span className={classes.hole}>&lt;_&gt;</span> : null}
                {text}
              </span>
            ))}
        </button>
      </Table.Td>
      <Table.Td>
        <Group gap={0} wrap="nowrap">
          <IconButton
            label="Only lines of this pattern"
            icon={IconZoomIn}
            onClick={() => onFilter('|>', row.pattern)}
          />
          <IconButton
            label="No lines of this pattern"
            icon={IconZoomOut}
            onClick={() => onFilter('!>', row.pattern)}
          />
        </Group>
      </Table.Td>
    </Table.Tr>
  );
}

export function PatternsHint() {
  return (
    <Text size="sm" c="dimmed" py="lg" ta="center">
      Choose streams first: patterns are found among their lines.
    </Text>
  );
}
