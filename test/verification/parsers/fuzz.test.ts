import { expect, it } from 'vitest';
import { fuzzParsers } from './fuzz.ts';

it('reads random and mutated logs without an error that the originals do not raise', () => {
  const report = fuzzParsers(20_000, 20_261);
  expect(report.unexpected).toEqual([]);
  expect(report.parsed).toBeGreaterThan(1_000);
  expect(report.refused).toBeGreaterThan(0);
});
