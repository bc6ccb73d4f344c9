/**
 * The name of a run of a schedule: `<schedule>-<yyyymmdd>` by the date of its nominal time in the schedule's time zone, and
 * the same with `-<hhmmss>` for another run of that day, such as one that was triggered.
 */
export function datedNames(schedule: string, time: Date, timeZone: string): [string, string] {
  const parts = new Intl.DateTimeFormat('en', {
    timeZone,
    hourCycle: 'h23',
    year: 'numeric',
    month: '2-digit',
    day: '2-digit',
    hour: '2-digit',
    minute: '2-digit',
    second: '2-digit',
  }).formatToParts(time);
  const digits = (...types: string[]) => types.map((type) => parts.find((part) => part.type === type)?.value ?? '').join('');
  const dated = `${schedule}-${digits('year', 'month', 'day')}`;
  return [dated, `${dated}-${digits('hour', 'minute', 'second')}`];
}
