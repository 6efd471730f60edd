import type { TimeInterval } from '../../api/pharos';

/** `22:00-24:00 saturday:sunday Europe/Berlin`: what an interval says, and UTC where it names no place. */
export function intervalText(interval: TimeInterval): string {
  return [
    interval.times.map((time) => `${time.start_time}-${time.end_time}`).join(', '),
    interval.weekdays.join(', '),
    interval.days_of_month.length > 0 ? `days ${interval.days_of_month.join(', ')}` : '',
    interval.months.join(', '),
    interval.years.join(', '),
    interval.location || 'UTC',
  ]
    .filter(Boolean)
    .join(' ');
}
