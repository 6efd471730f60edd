import { Button, Group, Text } from '@mantine/core';
import { IconZoomReset } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { useMemo, useState } from 'react';

import { getFlame, type FlameNode } from '../../../api/traces';
import { ErrorMessage } from '../../../shared/components/ErrorMessage';
import { ListSkeleton } from '../../../shared/components/ListSkeleton';
import { formatNs } from '../formatNs';
import { serviceColor } from '../serviceColor';
import { flameBoxes } from './flame';
import classes from './FlameTab.module.css';

const levelPx = 24;
/** More boxes than this make the page slow; the widest are drawn. */
const mostBoxes = 4000;

/** Alike calls put together; a box is as wide as the work done in it and below it. */
export function FlameTab({ traceId }: { traceId: string }) {
  const [focus, setFocus] = useState(-1);
  const [near, setNear] = useState<FlameNode | null>(null);
  const flame = useQuery({
    queryKey: ['traces', 'flame', traceId],
    queryFn: ({ signal }) => getFlame(traceId, signal),
    staleTime: Infinity,
  });
  const boxes = useMemo(() => {
    const all = flame.data ? flameBoxes(flame.data, focus) : [];
    return all.length <= mostBoxes ? all : [...all].sort((a, b) => b.width - a.width).slice(0, mostBoxes);
  }, [flame.data, focus]);
  if (flame.isPending) {
    return <ListSkeleton rows={6} height={24} />;
  }
  if (flame.isError) {
    return <ErrorMessage title="The flame graph could not be made" error={flame.error} />;
  }
  const nodes = flame.data;
  const levels = boxes.reduce((most, { level }) => Math.max(most, level + 1), 0);
  const whole = nodes.reduce((sum, node) => sum + (node.parent < 0 ? node.weightNs : 0), 0);
  const told = near ?? (focus >= 0 ? nodes[focus] : null);
  return (
    <div className={classes.tab}>
      <Group gap="sm" mih={30} mb={6}>
        <Text size="sm" component="div" className={classes.told} role="status">
          {told ? (
            <>
              <b>{told.service}</b> {told.operation} · {told.spans} {told.spans === 1 ? 'span' : 'spans'} ·
              work {formatNs(told.weightNs)} ({((100 * told.weightNs) / Math.max(1, whole)).toFixed(1)}%) ·
              itself {formatNs(told.selfNs)} · durations {formatNs(told.durationNs)}
              {told.errors > 0 ? ` · ${told.errors} errors` : ''}
            </>
          ) : (
            'Alike calls are one box; its width is the work done in it and below it. A click enlarges one.'
          )}
        </Text>
        <Button
          ml="auto"
          size="compact-sm"
          variant="default"
          disabled={focus < 0}
          leftSection={<IconZoomReset size={14} />}
          onClick={() => setFocus(-1)}
        >
          Show all
        </Button>
      </Group>
      <div className={classes.view}>
        <div
          className={classes.graph}
          style={{ height: levels * levelPx }}
          onPointerLeave={() => setNear(null)}
        >
          {boxes.map(({ node, left, width, level }) => {
            const { service, operation, errors } = nodes[node];
            return (
              <button
                key={node}
                type="button"
                className={classes.box}
                tabIndex={width > 0.02 ? 0 : -1}
                data-focus={node === focus || undefined}
                data-error={errors > 0 || undefined}
                style={
                  {
                    left: `${left * 100}%`,
                    width: `${width * 100}%`,
                    top: level * levelPx,
                    '--service': serviceColor(service),
                  } as React.CSSProperties
                }
                aria-label={`${service} ${operation}, ${formatNs(nodes[node].weightNs)}`}
                onPointerEnter={() => setNear(nodes[node])}
                onFocus={() => setNear(nodes[node])}
                onClick={() => setFocus(node === focus ? -1 : node)}
              >
                {width > 0.03 ? (
                  <>
                    <b>{service}</b> {operation}
                  </>
                ) : null}
              </button>
            );
          })}
        </div>
      </div>
    </div>
  );
}
