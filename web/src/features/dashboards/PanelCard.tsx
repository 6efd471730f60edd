import { HoverCard, Loader, Text } from '@mantine/core';
import { useElementSize, useMergedRef } from '@mantine/hooks';
import { IconAlertTriangle, IconInfoCircle } from '@tabler/icons-react';
import { useRef, useState } from 'react';

import type { Panel } from '../../api/dashboards';
import { Markdown } from '../../shared/components/Markdown';
import { PanelBody } from './PanelBody';
import classes from './PanelCard.module.css';
import type { PanelContext } from './panelContext';
import { PanelInspector } from './PanelInspector';
import { PanelMenu } from './PanelMenu';
import { useNearViewport } from './useNearViewport';
import { usePanelData } from './usePanelData';

interface Props {
  panel: Panel;
  context: PanelContext;
  /** Alone on the page (`viewPanel`). */
  viewed?: boolean;
}

/** The frame around a panel: title, notes, menu, and the state of its request. */
export function PanelCard({ panel, context, viewed = false }: Props) {
  const card = useRef<HTMLElement>(null);
  const { ref: sizeRef, width } = useElementSize<HTMLElement>();
  const near = useNearViewport(card);
  const data = usePanelData(panel, context, near, width);
  const [asTable, setAsTable] = useState(false);
  const [inspecting, setInspecting] = useState(false);
  const frame = data.data?.frame;
  const notes = [
    ...(panel.warnings ?? []),
    ...(frame?.warnings ?? []),
    ...(frame?.errors ?? []).map((error) => `Query ${error.refId}: ${error.message}`),
    ...(data.isError && data.data ? [`The last refresh failed: ${data.error.message}`] : []),
  ];

  return (
    <article
      ref={useMergedRef(card, sizeRef)}
      className={classes.card}
      aria-label={panel.title}
      data-panel={panel.id}
    >
      <header className={classes.header}>
        <Text className={classes.title} title={panel.title}>
          {panel.title}
        </Text>
        {panel.description ? (
          <HoverCard width={320} shadow="md" openDelay={150}>
            <HoverCard.Target>
              <IconInfoCircle
                size={15}
                className={classes.muted}
                role="button"
                tabIndex={0}
                aria-label="Description"
              />
            </HoverCard.Target>
            <HoverCard.Dropdown>
              <Markdown text={panel.description} />
            </HoverCard.Dropdown>
          </HoverCard>
        ) : null}
        {notes.length > 0 ? (
          <HoverCard width={360} shadow="md" openDelay={150}>
            <HoverCard.Target>
              <IconAlertTriangle
                size={15}
                className={classes.warning}
                role="button"
                tabIndex={0}
                aria-label="Warnings"
              />
            </HoverCard.Target>
            <HoverCard.Dropdown>
              {notes.map((note) => (
                <Text key={note} size="sm" className="wrap-anywhere">
                  {note}
                </Text>
              ))}
            </HoverCard.Dropdown>
          </HoverCard>
        ) : null}
        <span className={classes.spacer} />
        {data.isFetching && !data.isPending ? <Loader size={12} aria-label="Refreshing" /> : null}
        <PanelMenu
          panel={panel}
          viewed={viewed}
          asTable={asTable}
          onView={() => context.onView(viewed ? null : panel.id)}
          onInspect={() => setInspecting(true)}
          onToggleTable={() => setAsTable((old) => !old)}
        />
      </header>
      <div className={classes.body}>
        <PanelBody
          panel={panel}
          context={context}
          data={data.data}
          error={data.data ? null : data.error}
          onRetry={() => void data.refetch()}
          asTable={asTable}
          onToggleTable={() => setAsTable((old) => !old)}
        />
      </div>
      {inspecting ? (
        <PanelInspector
          panel={panel}
          frame={frame}
          range={context.range}
          onClose={() => setInspecting(false)}
        />
      ) : null}
    </article>
  );
}
