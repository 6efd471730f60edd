import { Anchor, Button, Group, Text } from '@mantine/core';
import { IconBellOff, IconBook, IconChartLine, IconHistory, IconLayoutDashboard } from '@tabler/icons-react';
import { useState } from 'react';
import { Link } from 'react-router';

import type { Matcher, RoutedAlert } from '../../api/alertmanager';
import { LabelChips } from '../../shared/components/LabelChips';
import { StateBadge, type Tone } from '../../shared/components/StateBadge';
import { RelativeTime } from '../../shared/time/RelativeTime';
import { AlertHistory } from './AlertHistory';
import classes from './AlertRow.module.css';
import { sourcePath } from './sourcePath';

interface Props {
  alert: RoutedAlert;
  /** Labels that the group's heading shows already. */
  hide: string[];
  onPick: (name: string, value: string) => void;
  onSilence: (matchers: Matcher[]) => void;
}

export function AlertRow({ alert, hide, onPick, onSilence }: Props) {
  const {
    summary,
    description,
    runbook_url: runbook,
    dashboard_url: dashboard,
    ...others
  } = alert.annotations;
  const [history, setHistory] = useState(false);
  const state = stateOf(alert);
  const source = sourcePath(alert.generatorURL);
  const silence = () =>
    onSilence(
      Object.entries(alert.labels).map(([name, value]) => ({ name, value, isRegex: false, isEqual: true })),
    );
  return (
    <div className={classes.row} data-alert={alert.labels.alertname}>
      <Group gap="xs" mb={4} wrap="nowrap" align="flex-start">
        <StateBadge tone={state.tone}>{state.word}</StateBadge>
        <div className={classes.words}>
          <Text fw={600} className="wrap-anywhere">
            {summary ?? alert.labels.alertname}
          </Text>
          {description ? (
            <Text size="sm" c="dimmed" className="wrap-anywhere" style={{ whiteSpace: 'pre-line' }}>
              {description.trim()}
            </Text>
          ) : null}
        </div>
        <Text size="sm" c="dimmed" className={classes.since}>
          <RelativeTime at={alert.startsAt} inherit />
        </Text>
      </Group>
      <LabelChips labels={alert.labels} hide={hide} onPick={onPick} />
      {Object.entries(others).map(([name, value]) => (
        <Text key={name} size="xs" c="dimmed" className="wrap-anywhere" mt={4}>
          {name}: {value}
        </Text>
      ))}
      <Group gap="md" mt={6}>
        <Button size="compact-xs" variant="default" leftSection={<IconBellOff size={13} />} onClick={silence}>
          Silence
        </Button>
        <Button
          size="compact-xs"
          variant="default"
          leftSection={<IconHistory size={13} />}
          aria-expanded={history}
          onClick={() => setHistory(!history)}
        >
          History
        </Button>
        {source ? (
          <Anchor component={Link} to={source} size="xs" className={classes.link}>
            <IconChartLine size={13} /> Graph
          </Anchor>
        ) : null}
        {isWeb(runbook) ? (
          <Anchor href={runbook} target="_blank" rel="noreferrer" size="xs" className={classes.link}>
            <IconBook size={13} /> Runbook
          </Anchor>
        ) : null}
        {isWeb(dashboard) ? (
          <Anchor href={dashboard} target="_blank" rel="noreferrer" size="xs" className={classes.link}>
            <IconLayoutDashboard size={13} /> Dashboard
          </Anchor>
        ) : null}
      </Group>
      {history ? <AlertHistory alert={alert} /> : null}
    </div>
  );
}

function stateOf({ status }: RoutedAlert): { word: string; tone: Tone } {
  if (status.silencedBy.length > 0) {
    return { word: 'silenced', tone: 'gray' };
  }
  if (status.inhibitedBy.length > 0) {
    return { word: 'inhibited', tone: 'gray' };
  }
  if (status.state === 'suppressed') {
    return { word: 'muted', tone: 'gray' };
  }
  return { word: 'firing', tone: 'red' };
}

/** Annotations come from files and from pushed alerts: only web addresses become links. */
function isWeb(address: string | undefined): address is string {
  return address !== undefined && /^https?:\/\//.test(address);
}
