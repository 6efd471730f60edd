import { keepPreviousData, useInfiniteQuery } from '@tanstack/react-query';
import { useMemo } from 'react';

import { queryLines, type Direction, type LokiStats, type NsRange } from '../../../api/loki';
import { entriesOf, type LogEntry } from '../entries/entries';
import { addNs } from '../entries/nanoseconds';
import { firstPage, makePage, nextPage, pageRange, type Page, type PageStart } from '../entries/paging';

/** More than this the browser does not hold; whoever wants more narrows the query or exports. */
export const heldLines = 100_000;

interface LoadedPage extends Page {
  stats?: LokiStats;
  warnings: string[];
  tookMs: number;
}

interface Question {
  query: string;
  range: NsRange;
  direction: Direction;
  /** Key of a linked entry: the lines begin with its nanosecond. */
  line: string;
  run: string;
}

/** The lines of a query, page by page in order of time. */
export function useLogLines({ query, range, direction, line, run }: Question, enabled: boolean) {
  const pages = useInfiniteQuery({
    queryKey: ['logs', 'lines', query, range.startNs, range.endNs, direction, line, run],
    enabled,
    initialPageParam: firstPage,
    queryFn: ({ pageParam, signal }) =>
      loadPage(query, linkedRange(range, direction, line), direction, pageParam, signal),
    getNextPageParam: (last: LoadedPage, all: LoadedPage[]) =>
      all.reduce((sum, page) => sum + page.entries.length, 0) >= heldLines
        ? undefined
        : nextPage(last, direction),
    placeholderData: keepPreviousData,
  });
  const entries = useMemo(
    (): LogEntry[] => pages.data?.pages.flatMap((page) => page.entries) ?? [],
    [pages.data],
  );
  return { ...pages, entries };
}

async function loadPage(
  query: string,
  range: NsRange,
  direction: Direction,
  start: PageStart,
  signal: AbortSignal,
): Promise<LoadedPage> {
  const begun = performance.now();
  const { data, warnings } = await queryLines(
    query,
    pageRange(range, direction, start),
    direction,
    start.limit,
    signal,
  );
  const entries = entriesOf(data.resultType === 'streams' ? data.result : [], direction);
  return {
    ...makePage(start, entries),
    stats: data.stats,
    warnings: warnings ?? [],
    tookMs: performance.now() - begun,
  };
}

function linkedRange(range: NsRange, direction: Direction, line: string): NsRange {
  const timeNs = /^(\d{19})-/.exec(line)?.[1];
  if (timeNs === undefined) {
    return range;
  }
  return direction === 'backward' ? { ...range, endNs: addNs(timeNs, 1n) } : { ...range, startNs: timeNs };
}
