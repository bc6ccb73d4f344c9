import { describe, expect, it } from 'vitest';
import { decideRow } from '../../activities/filtering/ledger-entry.ts';
import { presetOf } from '../../activities/filtering/presets.ts';
import { summaryOf } from '../../activities/filtering/verdict-summary.ts';
import { LedgerEntry } from '../../schemas/ledger-entry.ts';
import { VerdictSummary } from '../../schemas/verdict-summary.ts';
import { scan, task, trajectory, verdict } from './rows.ts';
import { countTokens } from './count-tokens.ts';

const ref = { sha256: '1'.repeat(64), size_bytes: 250_000, content_type: 'application/json' };

/** Names as long as those of real projects. */
const named = (count: number, group: string) =>
  Array.from({ length: count }, (_, number) => `tests/integration/${group}/test_parser.py::TestParser::test_reads_input_number_${number}`);

describe('the summary of a verdict', () => {
  it('counts tests, names the first that did not pass, and points to the whole', () => {
    const whole = verdict({
      resolved: 0,
      fail_to_pass: { passed: named(2, 'new'), failed: named(3, 'broken') },
      pass_to_pass: { passed: named(40, 'old'), failed: named(60, 'worse') },
      log: { ...ref, content_type: 'text/plain' },
      suspicious: true,
    });
    const summary = summaryOf(whole, ref);
    expect(VerdictSummary.parse(summary)).toEqual(summary);
    expect(summary).toMatchObject({
      ref,
      resolved: 0,
      reason: 'tests',
      fail_to_pass: { passed: 2, failed: 3 },
      pass_to_pass: { passed: 40, failed: 60 },
      not_passed: [...named(3, 'broken'), ...named(5, 'worse')],
      log: { content_type: 'text/plain' },
      exit_codes: [0],
      suspicious: true,
    });
  });

  it('names the causes of doubt with the first of their tests, and counts the rest', () => {
    const ambiguous = [{ cause: 'cut_name', hides: 'failed', tests: named(5, 'cut'), line: 'x'.repeat(500) }] as const;
    const summary = summaryOf(verdict({ ambiguous: ambiguous.map((each) => ({ ...each })) }), ref);
    expect(VerdictSummary.parse(summary)).toEqual(summary);
    expect(summary.ambiguous).toMatchObject([{ cause: 'cut_name', hides: 'failed', tests: named(3, 'cut'), count: 5 }]);
    expect(summary.ambiguous?.[0]?.line.length).toBeLessThan(200);
  });

  it('cuts long names and details, and never within a character', () => {
    const long = '🧪'.repeat(5000);
    const whole = verdict({ detail: `x${long}`, fail_to_pass: { passed: [], failed: [`x${long}`] } });
    const { detail, not_passed } = summaryOf(whole, ref);
    for (const text of [detail, ...not_passed]) {
      expect(text.length).toBeLessThanOrEqual(1000);
      expect(text.isWellFormed()).toBe(true);
      expect(text.endsWith('…')).toBe(true);
    }
  });

  it.each([
    ['all pass', 3000, 0],
    ['none passes', 0, 3000],
  ])('keeps the entry of a task of 3,000 tests below 8 KB when %s', (_, passed, failed) => {
    const whole = verdict({
      fail_to_pass: { passed: named(passed / 10, 'new'), failed: named(failed / 10, 'new') },
      pass_to_pass: { passed: named((passed * 9) / 10, 'old'), failed: named((failed * 9) / 10, 'old') },
    });
    const judged = {
      trajectory: trajectory(),
      task: task(),
      verdict: whole,
      scan: scan(),
      refs: { task: ref, trajectory: ref, verdict: ref },
    };
    const entry = decideRow(judged, presetOf('open-swe-traces'), countTokens);
    expect(LedgerEntry.parse(entry)).toEqual(entry);
    expect(Buffer.byteLength(JSON.stringify(whole))).toBeGreaterThan(200_000);
    expect(Buffer.byteLength(JSON.stringify(entry))).toBeLessThanOrEqual(8 * 1024);
  });
});
