import { expect, it } from 'vitest';

import { intervalText } from './intervalText';

const empty = { times: [], weekdays: [], days_of_month: [], months: [], years: [], location: '' };

it('says what an interval says', () => {
  expect(
    intervalText({
      ...empty,
      times: [{ start_time: '22:00', end_time: '24:00' }],
      weekdays: ['saturday:sunday'],
      location: 'Europe/Berlin',
    }),
  ).toBe('22:00-24:00 saturday:sunday Europe/Berlin');
  expect(intervalText({ ...empty, days_of_month: ['1', '-1'], months: ['1:3'] })).toBe('days 1, -1 1:3 UTC');
});
