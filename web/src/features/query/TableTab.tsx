import { Button, Group, Loader } from '@mantine/core';
import { IconDatabaseOff } from '@tabler/icons-react';
import { keepPreviousData, useQuery } from '@tanstack/react-query';

import { ErrorMessage } from '../../shared/components/ErrorMessage';
import { ListSkeleton } from '../../shared/components/ListSkeleton';
import { StateMessage } from '../../shared/components/StateMessage';
import { MomentInput } from './MomentInput';
import { QueryNotes } from './QueryNotes';
import type { QueryPanelState } from './queryUrl';
import { ResultTable } from './ResultTable';
import { timedInstant, type TimedAnswer } from './timedQuery';

interface Props {
  state: QueryPanelState;
  run: number;
  onChange: (state: QueryPanelState) => void;
}

export function TableTab({ state, run, onChange }: Props) {
  const answer = useQuery({
    queryKey: ['query', 'instant', state.expr, state.endMs, run],
    queryFn: ({ signal }) => timedInstant(state.expr, state.endMs, signal),
    placeholderData: keepPreviousData,
  });
  return (
    <>
      <Group gap="xs" mb="xs">
        <MomentInput
          label="Evaluation time"
          valueMs={state.endMs}
          stepMs={3_600_000}
          onChange={(endMs) => onChange({ ...state, endMs })}
        />
        {state.endMs === null ? null : (
          <Button size="compact-xs" variant="subtle" onClick={() => onChange({ ...state, endMs: null })}>
            Now
          </Button>
        )}
        {answer.isFetching && answer.data ? <Loader size={14} /> : null}
      </Group>
      {answer.isPending ? <ListSkeleton rows={4} height={30} /> : null}
      {answer.isError ? <ErrorMessage title="The query failed" error={answer.error} /> : null}
      {answer.isSuccess ? <Result {...answer.data} /> : null}
    </>
  );
}

function Result({ envelope, tookMs }: TimedAnswer) {
  const { data } = envelope;
  const list = data.resultType === 'vector' || data.resultType === 'matrix';
  const count = list ? data.result.length : 1;
  return (
    <>
      <QueryNotes envelope={envelope} tookMs={tookMs} count={count} extra={data.resultType} />
      {count === 0 ? (
        <StateMessage icon={IconDatabaseOff} title="The query returned nothing">
          No series had a sample at that moment that fits the selectors. Check the metric name and the labels.
        </StateMessage>
      ) : (
        <ResultTable data={data} />
      )}
    </>
  );
}
