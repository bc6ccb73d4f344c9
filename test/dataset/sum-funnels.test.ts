import { expect, it } from 'vitest';
import { sumFunnels } from '../../activities/dataset/figures/sum-funnels.ts';
import { type Funnel, FunnelCounts } from '../../schemas/ledger-record.ts';

/** Every count of the shape is the given number, every table has it for one rule. */
function counts(value: number, rule: string): FunnelCounts {
  const whole = Object.keys(FunnelCounts.shape).map((name): [string, unknown] => {
    const table = FunnelCounts.safeParse({ ...zeros, [name]: {} }).success;
    return [name, table ? { [rule]: value } : value];
  });
  return FunnelCounts.parse(Object.fromEntries(whole));
}
const zeros = {
  planned: 0,
  open: 0,
  gated_out: 0,
  lost: 0,
  dropped: 0,
  dropped_by: {},
  kept: 0,
  resolved: 0,
  unresolved: 0,
  unknown: 0,
};

const funnel = (language: string, value: number, rule: string): Funnel => ({
  total: counts(value, rule),
  cells: [{ harness: 'openhands', mode: 'think', language, counts: counts(value, rule) }],
});

it('sums every count that a funnel has, and tables rule by rule', () => {
  const { total, cells } = sumFunnels([funnel('python', 2, 'empty'), funnel('go', 3, 'empty'), funnel('go', 4, 'long')]);
  const numbers = Object.entries(total).filter(([, value]) => typeof value === 'number');
  expect(numbers.map(([name]) => name).length).toBeGreaterThan(9);
  expect(numbers.filter(([, value]) => value !== 9)).toEqual([]);
  expect(total).toMatchObject({ dropped_by: { empty: 5, long: 4 }, not_judged: { empty: 5, long: 4 } });
  expect(cells.map(({ language, counts: { kept } }) => [language, kept])).toEqual([
    ['go', 7],
    ['python', 2],
  ]);
});
