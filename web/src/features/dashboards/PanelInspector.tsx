import { Button, Code, Drawer, Group, Stack, Text } from '@mantine/core';
import { IconExternalLink } from '@tabler/icons-react';
import { Link } from 'react-router';

import type { Panel, PanelFrame } from '../../api/dashboards';
import { StateBadge } from '../../shared/components/StateBadge';
import { formatDurationSec } from '../../shared/time/duration';
import type { TimeRange } from '../../shared/time/useTimeRange';
import { queryLink } from '../../shared/links';

interface Props {
  panel: Panel;
  frame: PanelFrame | undefined;
  range: TimeRange;
  onClose: () => void;
}

/** What the panel asked: the written expression, the one that was run, and a way to work on it. */
export function PanelInspector({ panel, frame, range, onClose }: Props) {
  const spanSec = Math.round((range.toMs - range.fromMs) / 1000);
  return (
    <Drawer opened onClose={onClose} position="right" size="lg" title={`Queries of “${panel.title}”`}>
      <Stack gap="lg">
        {(panel.queries ?? []).map((query) => {
          const executed = frame?.executedQueries?.find((candidate) => candidate.refId === query.refId);
          const error = frame?.errors?.find((candidate) => candidate.refId === query.refId);
          const expr = executed?.expr ?? query.expr;
          return (
            <Stack key={query.refId} gap={6}>
              <Group gap="xs">
                <StateBadge tone={error ? 'red' : 'gray'}>{`Query ${query.refId}`}</StateBadge>
                <Text size="xs" c="dimmed">
                  {query.instant
                    ? 'instant'
                    : executed
                      ? `step ${formatDurationSec(executed.stepMs / 1000)}`
                      : ''}
                  {query.legendFormat ? ` · legend ${query.legendFormat}` : ''}
                </Text>
                <Button
                  component={Link}
                  to={queryLink(expr, `${spanSec}s`)}
                  size="compact-xs"
                  variant="default"
                  ml="auto"
                  rightSection={<IconExternalLink size={13} />}
                >
                  Open in Query
                </Button>
              </Group>
              <Code block className="wrap-anywhere" style={{ whiteSpace: 'pre-wrap' }}>
                {expr}
              </Code>
              {expr === query.expr ? null : (
                <Text size="xs" c="dimmed" className="mono wrap-anywhere">
                  written as {query.expr}
                </Text>
              )}
              {error ? (
                <Text size="sm" c="var(--ph-red-text)">
                  {error.message}
                </Text>
              ) : null}
            </Stack>
          );
        })}
        {frame ? (
          <Text size="sm" c="dimmed">
            The server answered with {describe(frame)}.
          </Text>
        ) : null}
      </Stack>
    </Drawer>
  );
}

function describe(frame: PanelFrame): string {
  switch (frame.kind) {
    case 'series':
      return `${frame.series.length} series of ${frame.times.length} samples, step ${formatDurationSec(frame.stepMs / 1000)}`;
    case 'stat':
      return `${frame.tiles.length} values`;
    case 'table':
      return `${frame.rows.length} rows of ${frame.columns.length} columns`;
  }
}
