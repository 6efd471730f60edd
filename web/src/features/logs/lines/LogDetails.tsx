import { Button, Group, Text } from '@mantine/core';
import {
  IconChartLine,
  IconColumnInsertRight,
  IconColumnRemove,
  IconCopy,
  IconLink,
  IconListSearch,
  IconRoute,
  IconZoomIn,
  IconZoomOut,
} from '@tabler/icons-react';
import { Link } from 'react-router';

import { IconButton } from '../../../shared/components/IconButton';
import { traceLink } from '../../../shared/links';
import { stripAnsi } from '../entries/ansi';
import { copyText } from './copyText';
import type { LogEntry } from '../entries/entries';
import { fieldsOf, type Field } from '../entries/fields';
import { useLineActions } from './lineActions';
import { LineText } from './LineText';
import classes from './LogDetails.module.css';
import { formatExactTime } from '../entries/nanoseconds';
import { relatedMetrics, spanIdOf, traceIdOf } from '../entries/relatedLinks';

const shownLength = 100_000;

const groups: { title: string; origins: Field['origin'][] }[] = [
  { title: 'Labels of the stream', origins: ['stream'] },
  { title: 'Structured metadata', origins: ['metadata'] },
  { title: 'Fields', origins: ['parsed', 'json', 'logfmt'] },
];

/** All of one line: what it says, everything known of it, and where to go from here. */
export function LogDetails({ entry, terms }: { entry: LogEntry; terms: RegExp | null }) {
  const { linkTo, showContext, traces } = useLineActions();
  const fields = fieldsOf(entry);
  const traceId = traces ? traceIdOf(entry) : null;
  return (
    <div className={classes.details}>
      <Group gap={6} mb={6}>
        <Button
          variant="default"
          leftSection={<IconListSearch size={14} />}
          onClick={() => showContext(entry)}
        >
          Lines around it
        </Button>
        <Button
          variant="default"
          leftSection={<IconCopy size={14} />}
          onClick={() => copyText(stripAnsi(entry.line), 'The line')}
        >
          Copy line
        </Button>
        <Button
          variant="default"
          leftSection={<IconLink size={14} />}
          onClick={() => copyText(linkTo(entry), 'The link')}
        >
          Copy link
        </Button>
        {traceId ? (
          <Button
            variant="default"
            component={Link}
            to={traceLink(traceId, spanIdOf(entry))}
            leftSection={<IconRoute size={14} />}
          >
            Trace of this line
          </Button>
        ) : null}
        {relatedMetrics(entry).map(({ title, to }) => (
          <Button
            key={to}
            variant="default"
            component={Link}
            to={to}
            leftSection={<IconChartLine size={14} />}
          >
            {title}
          </Button>
        ))}
      </Group>
      <pre className={classes.line}>
        <LineText line={entry.line} terms={terms} limit={shownLength} />
      </pre>
      <Text size="xs" c="dimmed" className="tabular" mb={4}>
        {formatExactTime(entry.timeNs)}
      </Text>
      {groups.map(({ title, origins }) => (
        <FieldGroup
          key={title}
          title={title}
          fields={fields.filter(({ origin }) => origins.includes(origin))}
        />
      ))}
    </div>
  );
}

function FieldGroup({ title, fields }: { title: string; fields: Field[] }) {
  const { columns, filter, toggleColumn } = useLineActions();
  if (fields.length === 0) {
    return null;
  }
  return (
    <section aria-label={title}>
      <Text size="xs" fw={600} mt={4}>
        {title}
      </Text>
      <dl className={classes.fields}>
        {fields.map((field) => {
          const shown = columns.includes(field.name);
          return (
            <div key={`${field.origin} ${field.name}`} className={classes.field}>
              <dt className={classes.name}>
                <span className={classes.actions}>
                  <IconButton
                    size={24}
                    label={`Filter for ${field.name}`}
                    icon={IconZoomIn}
                    disabled={!field.filterable}
                    onClick={() => filter(field, true)}
                  />
                  <IconButton
                    size={24}
                    label={`Filter out ${field.name}`}
                    icon={IconZoomOut}
                    disabled={!field.filterable}
                    onClick={() => filter(field, false)}
                  />
                  <IconButton
                    size={24}
                    label={shown ? `Hide column ${field.name}` : `Show ${field.name} as column`}
                    icon={shown ? IconColumnRemove : IconColumnInsertRight}
                    onClick={() => toggleColumn(field.name)}
                  />
                </span>
                <span title={field.name}>{field.name}</span>
              </dt>
              <dd className={classes.value}>{field.value}</dd>
            </div>
          );
        })}
      </dl>
    </section>
  );
}
