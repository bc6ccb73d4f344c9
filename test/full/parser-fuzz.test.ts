import { expect, it } from 'vitest';
import { fuzzParsers } from '../verification/parsers/fuzz.ts';
import { growing, superLinear, superLinearTimes } from '../verification/parsers/growth.ts';

/** The seed of this run: `FUZZ_SEED`, else one of its own. Printed, so that a failing run can be repeated. */
const seed = Number(process.env['FUZZ_SEED'] ?? Date.now() % 1_000_000);
process.stderr.write(`FUZZ_SEED=${seed}\n`);

it('reads a million random and mutated logs without an error that the originals do not raise', () => {
  const report = fuzzParsers(1_000_000, seed);
  expect(report.unexpected).toEqual([]);
  expect(report.parsed).toBeGreaterThan(50_000);
});

it('takes time in proportion to the log, with any content', () => {
  const looksAroundFromEveryLine = (log: string) => log.split('\n').filter((line) => log.includes(`${line}!`));
  expect(superLinearTimes(looksAroundFromEveryLine, growing(`${'a line of some length '.repeat(5)}\n`))).toMatch(/ms for 32 and 256 KiB/);
  expect(superLinear(100, seed)).toEqual([]);
});
