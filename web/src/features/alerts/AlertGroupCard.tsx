import { Text } from '@mantine/core';

import type { AlertGroup, Matcher } from '../../api/alertmanager';
import { Collapsible } from '../../shared/components/Collapsible';
import { LabelChips } from '../../shared/components/LabelChips';
import { AlertRow } from './AlertRow';

interface Props {
  group: AlertGroup;
  onPick: (name: string, value: string) => void;
  onSilence: (matchers: Matcher[]) => void;
}

export function AlertGroupCard({ group, onPick, onSilence }: Props) {
  const count = group.alerts.length === 1 ? '1 alert' : `${group.alerts.length} alerts`;
  return (
    <Collapsible
      title={
        Object.keys(group.labels).length === 0 ? (
          <Text c="dimmed">Not grouped</Text>
        ) : (
          <LabelChips labels={group.labels} />
        )
      }
      aside={
        <>
          <span>
            to <b>{group.receiver.name}</b>
          </span>
          <span>{count}</span>
        </>
      }
    >
      {group.alerts.map((alert) => (
        <AlertRow
          key={alert.fingerprint}
          alert={alert}
          hide={Object.keys(group.labels)}
          onPick={onPick}
          onSilence={onSilence}
        />
      ))}
    </Collapsible>
  );
}
