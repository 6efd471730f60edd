import { stripAnsi } from './ansi';
import type { LogEntry } from './entries';
import { formatExactTime } from './nanoseconds';

/** Time and line, without terminal colours. */
export const plainLines = (entries: LogEntry[]): string =>
  entries.map(({ timeNs, line }) => `${formatExactTime(timeNs)} ${stripAnsi(line)}\n`).join('');

/** One object a line, the log line as it was sent. */
export const jsonLines = (entries: LogEntry[]): string =>
  entries
    .map(({ timeNs, line, stream, metadata, parsed }) => {
      const object = {
        timestamp: formatExactTime(timeNs),
        line,
        labels: stream,
        structuredMetadata: metadata,
        parsed,
      };
      return `${JSON.stringify(object)}\n`;
    })
    .join('');

export function downloadText(name: string, type: string, text: string): void {
  const address = URL.createObjectURL(new Blob([text], { type }));
  const link = document.createElement('a');
  link.href = address;
  link.download = name;
  link.click();
  URL.revokeObjectURL(address);
}
