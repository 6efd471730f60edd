import { Text, Tooltip, type TextProps } from '@mantine/core';

import { formatDurationSec } from './duration';
import { formatDateTime, parseTimestamp } from './formatTime';
import { useNow } from './useNow';

interface Props extends TextProps {
  at: string | undefined;
  never?: string;
}

/** "12s ago" that keeps counting; the exact time is in the tooltip. */
export function RelativeTime({ at, never = 'never', ...text }: Props) {
  const now = useNow();
  const ms = parseTimestamp(at);
  if (ms === null) {
    return (
      <Text span c="dimmed" {...text}>
        {never}
      </Text>
    );
  }
  const seconds = Math.round((now - ms) / 1000);
  const words =
    seconds < 0
      ? `in ${formatDurationSec(-seconds)}`
      : seconds < 1
        ? 'now'
        : `${formatDurationSec(seconds)} ago`;
  return (
    <Tooltip label={formatDateTime(ms)}>
      <Text span className="tabular" {...text}>
        {words}
      </Text>
    </Tooltip>
  );
}
