import { Anchor, Button, Group, Switch, Text } from '@mantine/core';
import { IconArrowsExchange, IconEqual } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { useCallback, useLayoutEffect, useMemo, useState, useSyncExternalStore } from 'react';
import { Link } from 'react-router';

import { compareTraces, type ComparedNode, type ComparedSide, type Comparison } from '../../../api/traces';
import { ErrorMessage } from '../../../shared/components/ErrorMessage';
import { ListSkeleton } from '../../../shared/components/ListSkeleton';
import { PageHeader } from '../../../shared/components/PageHeader';
import { StateMessage } from '../../../shared/components/StateMessage';
import { traceLink } from '../../../shared/links';
import { ListWindow } from '../../../shared/list/listWindow';
import { formatDateTime } from '../../../shared/time/formatTime';
import { useListHeight } from '../../logs/useListHeight';
import { formatNs } from '../formatNs';
import { serviceColor } from '../serviceColor';
import classes from './ComparePage.module.css';
import { differenceOf, differenceWords, onlyDifferences } from './difference';

const rowPx = 30;

/** Two traces by the structure of their calls: what only one of them does, and what takes longer. */
export function ComparePage({ a, b }: { a: string; b: string }) {
  const compared = useQuery({
    queryKey: ['traces', 'compare', a, b],
    queryFn: ({ signal }) => compareTraces(a, b, signal),
    staleTime: Infinity,
    retry: false,
  });
  return (
    <>
      <PageHeader
        title="Compare traces"
        description="Calls that only one of two traces made, and what they took"
      >
        <Button
          component={Link}
          to={`/traces/${b}...${a}`}
          variant="default"
          leftSection={<IconArrowsExchange size={15} />}
        >
          Swap
        </Button>
      </PageHeader>
      {compared.isPending ? <ListSkeleton rows={6} height={30} /> : null}
      {compared.isError ? (
        <ErrorMessage
          title="The traces could not be compared"
          error={compared.error}
          onRetry={() => void compared.refetch()}
        />
      ) : null}
      {compared.data ? <Differences comparison={compared.data} /> : null}
    </>
  );
}

function Differences({ comparison }: { comparison: Comparison }) {
  const [only, setOnly] = useState(false);
  const { nodes } = comparison;
  const shown = useMemo(() => (only ? onlyDifferences(nodes) : [...nodes.keys()]), [nodes, only]);
  const [view] = useState(() => new ListWindow(rowPx));
  const { first, last, topPx, totalPx } = useSyncExternalStore(view.subscribe, view.snapshot);
  const attach = useCallback((element: HTMLElement | null) => view.attach(element), [view]);
  const { ref, height } = useListHeight();
  useLayoutEffect(() => view.show(shown, String(only)), [view, shown, only]);
  const longest = nodes.reduce((most, node) => Math.max(most, node.durationA, node.durationB), 1);
  const counts = { onlyA: 0, onlyB: 0, more: 0, fewer: 0, same: 0 };
  nodes.forEach((node) => counts[differenceOf(node)]++);
  return (
    <section className="surface" aria-label="Differences">
      <div className={classes.sides}>
        <Side letter="A" side={comparison.a} />
        <Side letter="B" side={comparison.b} />
      </div>
      <Group gap="md" className={classes.bar}>
        <Switch
          size="xs"
          label="Only differences"
          checked={only}
          onChange={(event) => setOnly(event.currentTarget.checked)}
        />
        <Text size="xs" c="dimmed" className="tabular">
          {counts.onlyA} only in A · {counts.onlyB} only in B · {counts.more} more often · {counts.fewer} less
          often · {counts.same} alike
        </Text>
      </Group>
      {shown.length === 0 ? (
        <StateMessage icon={IconEqual} title="Both made the same calls">
          As often as each other; only what they took may differ.
        </StateMessage>
      ) : (
        <>
          <div className={`${classes.row} ${classes.head}`} aria-hidden>
            <span>Call</span>
            <span>A</span>
            <span>B</span>
            <span>Duration A</span>
            <span>Duration B</span>
            <span>Difference</span>
          </div>
          <div ref={ref} style={{ height }}>
            <div
              ref={attach}
              className={classes.view}
              role="treegrid"
              aria-label="Calls of both traces"
              aria-rowcount={shown.length}
              tabIndex={0}
            >
              <div role="presentation" style={{ height: totalPx, position: 'relative' }}>
                <div
                  role="rowgroup"
                  className={classes.block}
                  style={{ transform: `translateY(${topPx}px)` }}
                >
                  {shown.slice(first, last).map((node, i) => (
                    <NodeRow key={node} node={nodes[node]} index={first + i} longest={longest} />
                  ))}
                </div>
              </div>
            </div>
          </div>
        </>
      )}
    </section>
  );
}

function Side({ letter, side }: { letter: string; side: ComparedSide }) {
  return (
    <div className={classes.side} data-side={letter}>
      <b>{letter}</b>
      <div>
        <Anchor component={Link} to={traceLink(side.traceId)} fw={600} className="wrap-anywhere">
          {side.service}: {side.operation}
        </Anchor>
        <Text size="xs" c="dimmed" className="tabular wrap-anywhere">
          {formatNs(side.durationNs)} · {side.spans} spans · {formatDateTime(Number(side.startNs) / 1e6)} ·{' '}
          <span className="mono">{side.traceId}</span>
        </Text>
      </div>
    </div>
  );
}

function NodeRow({ node, index, longest }: { node: ComparedNode; index: number; longest: number }) {
  const difference = differenceOf(node);
  const change = node.durationB - node.durationA;
  return (
    <div
      className={classes.row}
      role="row"
      aria-level={node.depth + 1}
      aria-rowindex={index + 1}
      data-index={index}
      data-difference={difference}
    >
      <span
        role="gridcell"
        className={classes.call}
        style={{ paddingLeft: 8 + Math.min(node.depth, 20) * 14 }}
      >
        <i style={{ background: serviceColor(node.service) }} />
        <b>{node.service}</b> <span>{node.operation}</span>
        {difference === 'same' ? null : <em>{differenceWords[difference]}</em>}
      </span>
      <span role="gridcell">
        {node.spansA === 0 ? '–' : node.spansA}
        {node.errorsA > 0 ? <strong> {node.errorsA} ✕</strong> : null}
      </span>
      <span role="gridcell">
        {node.spansB === 0 ? '–' : node.spansB}
        {node.errorsB > 0 ? <strong> {node.errorsB} ✕</strong> : null}
      </span>
      <span role="gridcell" className={classes.bars}>
        <i style={{ width: `${(100 * node.durationA) / longest}%` }} />
        {node.spansA === 0 ? '' : formatNs(node.durationA)}
      </span>
      <span role="gridcell" className={classes.bars} data-b>
        <i style={{ width: `${(100 * node.durationB) / longest}%` }} />
        {node.spansB === 0 ? '' : formatNs(node.durationB)}
      </span>
      <span role="gridcell">
        {node.spansA === 0 || node.spansB === 0 ? '' : `${change > 0 ? '+' : ''}${formatNs(change)}`}
      </span>
    </div>
  );
}
