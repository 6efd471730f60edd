import { Switch } from '@mantine/core';
import { useReducedMotion } from '@mantine/hooks';
import { IconHierarchy2 } from '@tabler/icons-react';
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { useMemo, useState } from 'react';

import { getServiceMap } from '../../../api/serviceMap';
import { ErrorMessage } from '../../../shared/components/ErrorMessage';
import { ListSkeleton } from '../../../shared/components/ListSkeleton';
import { PageHeader } from '../../../shared/components/PageHeader';
import { SearchInput } from '../../../shared/components/SearchInput';
import { StateMessage } from '../../../shared/components/StateMessage';
import { RefreshPicker } from '../../../shared/time/RefreshPicker';
import { TimeRangePicker } from '../../../shared/time/TimeRangePicker';
import { useTimeRange } from '../../../shared/time/useTimeRange';
import { useUrlState } from '../../../shared/useUrlState';
import { CallTable } from './CallTable';
import { MapDrawing } from './MapDrawing';
import { MapSelection } from './MapSelection';
import { around, serviceGraph } from './serviceGraph';
import classes from './ServiceMapPage.module.css';

export function Component() {
  const range = useTimeRange({ from: 'now-10m', to: 'now', refresh: '15s' });
  const [search, setSearch] = useUrlState('search');
  const [chosen, setChosen] = useUrlState('node');
  const stills = useReducedMotion();
  const [animated, setAnimated] = useState(true);
  const answer = useQuery({
    queryKey: ['service-map', range.fromMs, range.toMs],
    queryFn: ({ signal }) => getServiceMap({ fromMs: range.fromMs, toMs: range.toMs }, signal),
    placeholderData: keepPreviousData,
  });
  const whole = useMemo(() => (answer.data ? serviceGraph(answer.data) : null), [answer.data]);
  const graph = useMemo(() => (whole ? around(whole, search) : null), [whole, search]);
  return (
    <>
      <PageHeader title="Service map" description="Who calls whom, how often, and how it goes">
        <SearchInput label="Find a service" value={search} onChange={setSearch} width={180} />
        <Switch
          size="xs"
          label="Animate"
          checked={animated && !stills}
          disabled={stills}
          onChange={(event) => setAnimated(event.currentTarget.checked)}
        />
        <TimeRangePicker range={range} />
        <RefreshPicker
          refresh={range.refresh}
          busy={answer.isFetching}
          onRefresh={range.refreshNow}
          onChange={range.setRefresh}
        />
      </PageHeader>
      {answer.isPending ? <ListSkeleton rows={1} height={420} /> : null}
      {answer.isError ? (
        <ErrorMessage
          title="The map could not be read"
          error={answer.error}
          onRetry={() => void answer.refetch()}
        />
      ) : null}
      {graph && graph.services.length === 0 ? (
        <section className="surface">
          <StateMessage
            icon={IconHierarchy2}
            title={search === '' ? 'No calls in this range' : 'No such service'}
          >
            {search === ''
              ? 'The map is made of traces as they come in, and of the metrics of a service mesh; nothing has to be set up.'
              : 'No service of this range has that in its name.'}
          </StateMessage>
        </section>
      ) : null}
      {graph && graph.services.length > 0 ? (
        <>
          <section className={`surface ${classes.map}`} aria-label="Map">
            <MapDrawing graph={graph} animated={animated && !stills} chosen={chosen} onChoose={setChosen} />
            <MapSelection graph={graph} chosen={chosen} range={range} onClose={() => setChosen('')} />
          </section>
          <section className="surface" aria-label="Calls" style={{ marginTop: 10 }}>
            <CallTable graph={graph} onChoose={setChosen} />
          </section>
        </>
      ) : null}
    </>
  );
}
