import { expect, it } from 'vitest';
import { seriesOf } from '../../../activities/evaluation/index.ts';
import { RunName } from '../../../schemas/student.ts';
import { datedNames } from '../../../workflows/contract/dated-name.ts';

it.each([
  ['2026-01-02T23:30:00Z', 'Europe/Berlin', 'nightly-20260103', 'nightly-20260103-003000'],
  ['2026-01-02T23:30:00Z', 'UTC', 'nightly-20260102', 'nightly-20260102-233000'],
  ['2026-07-01T00:00:05Z', 'America/New_York', 'nightly-20260630', 'nightly-20260630-200005'],
])('a run for %s in %s is named by its date there', (time, zone, dated, timed) => {
  expect(datedNames('nightly', new Date(time), zone)).toEqual([dated, timed]);
  expect(seriesOf(dated)).toBe('nightly');
  expect(seriesOf(timed)).toBe('nightly');
});

it('fits what may be named, for the longest name of a schedule', () => {
  for (const name of datedNames('a'.repeat(24), new Date(), 'UTC')) expect(RunName.safeParse(name).success).toBe(true);
});
