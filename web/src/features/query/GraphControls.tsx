import { Button, Group, Loader, Switch, TextInput } from '@mantine/core';
import { IconMinus, IconPlus } from '@tabler/icons-react';

import { IconButton } from '../../shared/components/IconButton';
import { formatDurationSec, parseDurationSec } from '../../shared/time/duration';
import { MomentInput } from './MomentInput';
import type { QueryPanelState } from './queryUrl';

interface Props {
  state: QueryPanelState;
  rangeSec: number;
  autoStepSec: number;
  busy: boolean;
  onChange: (state: QueryPanelState) => void;
}

const ranges = ['5m', '15m', '30m', '1h', '2h', '6h', '12h', '1d', '2d', '1w', '2w', '4w', '8w', '1y'];

export function GraphControls({ state, rangeSec, autoStepSec, busy, onChange }: Props) {
  const bySize = ranges.map((text) => ({ text, seconds: parseDurationSec(text) ?? 0 }));
  const shorter = bySize.filter((entry) => entry.seconds < rangeSec).at(-1);
  const longer = bySize.find((entry) => entry.seconds > rangeSec);
  const commit = (name: 'range' | 'step', text: string) => {
    const usable = text.trim() === '' || parseDurationSec(text) !== null;
    if (usable && text.trim() !== state[name]) {
      onChange({ ...state, [name]: text.trim() });
    }
  };
  return (
    <Group gap="xs" mb="xs">
      <Group gap={2} wrap="nowrap">
        <IconButton
          label="Shorter range"
          icon={IconMinus}
          disabled={!shorter}
          onClick={() => shorter && onChange({ ...state, range: shorter.text })}
        />
        <DurationField
          key={`range ${state.range}`}
          label="Range"
          value={state.range}
          onCommit={(text) => commit('range', text)}
        />
        <IconButton
          label="Longer range"
          icon={IconPlus}
          disabled={!longer}
          onClick={() => longer && onChange({ ...state, range: longer.text })}
        />
      </Group>
      <MomentInput
        label="End time"
        valueMs={state.endMs}
        stepMs={(rangeSec * 1000) / 2}
        onChange={(endMs) => onChange({ ...state, endMs })}
      />
      {state.endMs === null ? null : (
        <Button size="compact-xs" variant="subtle" onClick={() => onChange({ ...state, endMs: null })}>
          Now
        </Button>
      )}
      <DurationField
        key={`step ${state.step}`}
        label="Resolution"
        value={state.step}
        hint={`step: auto (${formatDurationSec(autoStepSec)})`}
        width={150}
        onCommit={(text) => commit('step', text)}
      />
      <Switch
        size="xs"
        label="Stacked"
        checked={state.stacked}
        onChange={(event) => onChange({ ...state, stacked: event.currentTarget.checked })}
      />
      {busy ? <Loader size={14} /> : null}
    </Group>
  );
}

interface FieldProps {
  label: string;
  value: string;
  hint?: string;
  width?: number;
  onCommit: (text: string) => void;
}

function DurationField({ label, value, hint, width = 70, onCommit }: FieldProps) {
  return (
    <TextInput
      size="xs"
      w={width}
      aria-label={label}
      title={label}
      placeholder={hint}
      defaultValue={value}
      onBlur={(event) => onCommit(event.currentTarget.value)}
      onKeyDown={(event) => event.key === 'Enter' && onCommit(event.currentTarget.value)}
    />
  );
}
