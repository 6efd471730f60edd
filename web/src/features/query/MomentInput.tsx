import { Group, TextInput } from '@mantine/core';
import { IconChevronLeft, IconChevronRight } from '@tabler/icons-react';
import { useState } from 'react';

import { IconButton } from '../../shared/components/IconButton';
import { formatDateTime } from '../../shared/time/formatTime';
import { resolveTime } from '../../shared/time/timeExpression';

interface Props {
  label: string;
  /** Null is now. */
  valueMs: number | null;
  /** How far the arrows move. */
  stepMs: number;
  onChange: (valueMs: number | null) => void;
}

/** A moment that can be typed (a date, now, now-1d) or moved by arrows. */
export function MomentInput({ label, valueMs, stepMs, onChange }: Props) {
  const shown = valueMs === null ? 'now' : formatDateTime(valueMs);
  const [draft, setDraft] = useState<string | null>(null);
  const [wrong, setWrong] = useState(false);
  const apply = () => {
    const text = (draft ?? shown).trim();
    const ms = resolveTime(text, Date.now(), true);
    setWrong(ms === null && text !== '');
    if (ms !== null || text === '') {
      setDraft(null);
      if (text !== shown) {
        onChange(text === 'now' || text === '' ? null : ms);
      }
    }
  };
  const move = (by: number) => onChange((valueMs ?? Date.now()) + by);
  return (
    <Group gap={2} wrap="nowrap">
      <IconButton label={`${label}: earlier`} icon={IconChevronLeft} onClick={() => move(-stepMs)} />
      <TextInput
        size="xs"
        w={160}
        aria-label={label}
        title={label}
        value={draft ?? shown}
        error={wrong}
        onChange={(event) => setDraft(event.currentTarget.value)}
        onBlur={apply}
        onKeyDown={(event) => event.key === 'Enter' && apply()}
      />
      <IconButton label={`${label}: later`} icon={IconChevronRight} onClick={() => move(stepMs)} />
    </Group>
  );
}
