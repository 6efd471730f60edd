import { Anchor, HoverCard, Stack, Table, Text } from '@mantine/core';

import type { Target } from '../../api/prometheus';
import { Collapsible } from '../../shared/components/Collapsible';
import { LabelChips } from '../../shared/components/LabelChips';
import { StateBadge } from '../../shared/components/StateBadge';
import { formatDurationSec } from '../../shared/time/duration';
import { RelativeTime } from '../../shared/time/RelativeTime';

interface Props {
  name: string;
  targets: Target[];
  dropped: number;
}

export function TargetPool({ name, targets, dropped }: Props) {
  const up = targets.filter((target) => target.health === 'up').length;
  return (
    <Collapsible
      title={
        <>
          {name}
          <StateBadge tone={up === targets.length ? 'green' : up === 0 ? 'red' : 'amber'}>
            {`${up} of ${targets.length} up`}
          </StateBadge>
        </>
      }
      aside={dropped > 0 ? `${dropped} dropped by relabeling` : undefined}
    >
      <Table.ScrollContainer type="native" minWidth={760}>
        <Table fz="sm" verticalSpacing={8}>
          <Table.Thead>
            <Table.Tr>
              <Table.Th w={90}>Health</Table.Th>
              <Table.Th>Address</Table.Th>
              <Table.Th>Labels</Table.Th>
              <Table.Th w={110}>Last scrape</Table.Th>
              <Table.Th w={90} ta="right">
                Took
              </Table.Th>
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {targets.map((target) => (
              <TargetRow key={`${target.scrapeUrl} ${JSON.stringify(target.labels)}`} target={target} />
            ))}
          </Table.Tbody>
        </Table>
      </Table.ScrollContainer>
    </Collapsible>
  );
}

function TargetRow({ target }: { target: Target }) {
  const tone = target.health === 'up' ? 'green' : target.health === 'down' ? 'red' : 'gray';
  return (
    <Table.Tr>
      <Table.Td style={{ verticalAlign: 'top' }}>
        <StateBadge tone={tone}>{target.health}</StateBadge>
      </Table.Td>
      <Table.Td style={{ verticalAlign: 'top' }}>
        <Anchor
          href={target.globalUrl || target.scrapeUrl}
          target="_blank"
          rel="noreferrer"
          size="sm"
          className="wrap-anywhere"
        >
          {target.scrapeUrl}
        </Anchor>
        {target.lastError ? (
          <Text size="xs" c="var(--ph-red-text)" className="wrap-anywhere">
            {target.lastError}
          </Text>
        ) : null}
      </Table.Td>
      <Table.Td style={{ verticalAlign: 'top' }}>
        <HoverCard width={480} shadow="md" openDelay={300} position="bottom-start">
          <HoverCard.Target>
            <span tabIndex={0} role="button">
              <LabelChips labels={target.labels} />
            </span>
          </HoverCard.Target>
          <HoverCard.Dropdown>
            <Stack gap={6}>
              <Text size="sm" fw={600}>
                As discovered, before relabeling
              </Text>
              <LabelChips labels={target.discoveredLabels} />
            </Stack>
          </HoverCard.Dropdown>
        </HoverCard>
      </Table.Td>
      <Table.Td style={{ verticalAlign: 'top' }}>
        <RelativeTime at={target.lastScrape} size="sm" />
        <Text size="xs" c="dimmed">
          every {target.scrapeInterval}
        </Text>
      </Table.Td>
      <Table.Td style={{ verticalAlign: 'top' }} ta="right" className="tabular">
        {formatDurationSec(target.lastScrapeDuration)}
      </Table.Td>
    </Table.Tr>
  );
}
