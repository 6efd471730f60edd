import { Button, Group, SegmentedControl, Select, Switch, TextInput } from '@mantine/core';
import { IconSearch } from '@tabler/icons-react';
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { useState } from 'react';

import { getOperations, getServices, type TimeSpanMs } from '../../../api/traces';
import { AttributeField } from './AttributeField';
import classes from './SearchForm.module.css';
import type { TraceSearchState } from './tracesUrl';

interface Props {
  state: TraceSearchState;
  time: TimeSpanMs;
  busy: boolean;
  onSearch: (state: TraceSearchState) => void;
  onTraceId: (id: string) => void;
}

const durationPattern = /^(\d+(\.\d+)?(ns|us|µs|ms|s|m|h))+$/;

/** What is looked for. Choices apply at once; what is typed applies with Enter or the button. */
export function SearchForm({ state, time, busy, onSearch, onTraceId }: Props) {
  const [shown, setShown] = useState(state);
  const [min, setMin] = useState(state.minDuration);
  const [max, setMax] = useState(state.maxDuration);
  if (shown !== state) {
    setShown(state);
    setMin(state.minDuration);
    setMax(state.maxDuration);
  }
  const minute = Math.floor(time.toMs / 60_000);
  const width = time.toMs - time.fromMs;
  const services = useQuery({
    queryKey: ['traces', 'services', minute, width],
    queryFn: ({ signal }) => getServices(time, signal),
    placeholderData: keepPreviousData,
  });
  const operations = useQuery({
    queryKey: ['traces', 'operations', state.service, minute, width],
    queryFn: ({ signal }) => getOperations(state.service, time, signal),
    enabled: state.service !== '',
  });
  const withChosen = (names: string[], chosen: string) =>
    chosen === '' || names.includes(chosen) ? names : [chosen, ...names];
  const operationNames = [...new Set((operations.data ?? []).map(({ name }) => name))];
  const problem = (text: string) =>
    text.trim() === '' || durationPattern.test(text.trim()) ? null : 'as 1.2s, 100ms or 500us';
  const search = () => {
    if (problem(min) === null && problem(max) === null) {
      onSearch({ ...state, minDuration: min.trim(), maxDuration: max.trim() });
    }
  };
  return (
    <form
      className={classes.form}
      aria-label="Search for traces"
      onSubmit={(event) => {
        event.preventDefault();
        search();
      }}
    >
      <Select
        label="Service"
        placeholder="All services"
        data={withChosen(services.data ?? [], state.service)}
        value={state.service === '' ? null : state.service}
        searchable
        clearable
        nothingFoundMessage="No such service in this range"
        onChange={(service) => onSearch({ ...state, service: service ?? '', operation: '' })}
      />
      <Select
        label="Operation"
        placeholder={state.service === '' ? 'Choose a service first' : 'All operations'}
        data={withChosen(operationNames, state.operation)}
        value={state.operation === '' ? null : state.operation}
        disabled={state.service === ''}
        searchable
        clearable
        onChange={(operation) => onSearch({ ...state, operation: operation ?? '' })}
      />
      <div className={classes.attributes}>
        <AttributeField
          value={state.attributes}
          time={time}
          onChange={(attributes) => onSearch({ ...state, attributes })}
        />
      </div>
      <div className={classes.durations}>
        <TextInput
          label="At least"
          placeholder="100ms"
          value={min}
          error={problem(min)}
          onChange={(event) => setMin(event.currentTarget.value)}
          onBlur={() => min.trim() !== state.minDuration && search()}
        />
        <TextInput
          label="At most"
          placeholder="1.2s"
          value={max}
          error={problem(max)}
          onChange={(event) => setMax(event.currentTarget.value)}
          onBlur={() => max.trim() !== state.maxDuration && search()}
        />
        <SegmentedControl
          aria-label="What the durations are of"
          className={classes.of}
          data={[
            { value: 'trace', label: 'Trace' },
            { value: 'span', label: 'Span' },
          ]}
          value={state.durationOf}
          onChange={(of) => onSearch({ ...state, durationOf: of === 'span' ? 'span' : 'trace' })}
        />
      </div>
      <Group gap="md" className={classes.last}>
        <Switch
          label="Errors only"
          checked={state.error}
          onChange={(event) => onSearch({ ...state, error: event.currentTarget.checked })}
        />
        <TextInput
          aria-label="Open a trace by its id"
          placeholder="Trace id"
          data-page-search
          w={{ base: '100%', xs: 190 }}
          onKeyDown={(event) => {
            if (event.key === 'Enter') {
              event.preventDefault();
              onTraceId(event.currentTarget.value);
            }
          }}
        />
        <Button type="submit" size="sm" loading={busy} leftSection={<IconSearch size={15} />}>
          Search
        </Button>
      </Group>
    </form>
  );
}
