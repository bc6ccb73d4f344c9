import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { localStore } from '../../activities/artifacts/local-store.ts';
import { putJson } from '../../activities/artifacts/store.ts';
import { acceptEvaluation, checkEvaluation, seriesOf } from '../../activities/evaluation/index.ts';
import type { EvaluationStores } from '../../activities/evaluation/records.ts';
import { openLocalLedger } from '../../activities/ledger/local/local-ledger.ts';
import { CheckRecord } from '../../schemas/alarm.ts';
import { getJson } from '../../activities/artifacts/store.ts';
import { scratchFolder } from '../scratch-folder.ts';
import { type SeededEvaluation, seededRecord } from './seeded-record.ts';

function stores(): EvaluationStores {
  const folder = scratchFolder('check');
  const ledger = openLocalLedger(join(folder, 'ledger.sqlite'));
  onTestFinished(() => ledger.close());
  return { ledger, store: localStore(join(folder, 'store')) };
}

async function ended({ ledger, store }: EvaluationStores, evaluation: SeededEvaluation & { name: string }): Promise<void> {
  const record = await putJson(store, seededRecord(evaluation));
  await ledger.recordRun({ kind: 'evaluation', name: evaluation.name, record, recorded_at: '2026-01-01T05:00:00.000Z' });
}

it('knows the series of an evaluation by its name', () => {
  expect(seriesOf('nightly-20260131')).toBe('nightly');
  expect(seriesOf('nightly-20260131-rerun')).toBe('nightly');
  expect(seriesOf('coder-verified')).toBe('coder-verified');
});

describe('a check', () => {
  it('needs an accepted evaluation of the series, and says what to do', async () => {
    const at = stores();
    await ended(at, { name: 'nightly-20260101', seed: 1 });
    await expect(checkEvaluation({ name: 'nightly-20260101', baseline: 'accepted' }, at)).rejects.toMatchObject({
      code: 'unknown_baseline',
      hint: expect.stringContaining('evaluation accept'),
    });
    await expect(checkEvaluation({ name: 'nightly-20260109', baseline: 'accepted' }, at)).rejects.toMatchObject({
      code: 'evaluation_not_found',
      hint: expect.stringContaining('nightly-20260101'),
    });
  });

  it('finds a regression against the accepted one, and is on the ledger', async () => {
    const at = stores();
    await ended(at, { name: 'nightly-20260101', seed: 1 });
    await ended(at, { name: 'nightly-20260102', seed: 2 });
    await ended(at, { name: 'nightly-20260103', seed: 3, regression: 0.35 });
    const acceptance = await acceptEvaluation({ name: 'nightly-20260101' }, at);
    expect(acceptance).toMatchObject({ series: 'nightly', evaluation: 'nightly-20260101' });
    expect(await acceptEvaluation({ name: 'nightly-20260101' }, at)).toEqual(acceptance);
    expect((await checkEvaluation({ name: 'nightly-20260102', baseline: 'accepted' }, at)).verdict).toBe('fine');
    expect(await checkEvaluation({ name: 'nightly-20260103', baseline: 'accepted' }, at)).toMatchObject({
      verdict: 'regression',
      baseline: 'nightly-20260101',
    });
    const kept = await at.ledger.run('check', 'nightly/nightly-20260103');
    if (kept === null) throw new Error('the check is not on the ledger');
    expect((await getJson(at.store, kept.record, CheckRecord)).alarm.verdict).toBe('regression');
    await expect(acceptEvaluation({ name: 'nightly-20260103' }, at)).rejects.toMatchObject({ code: 'evaluation_not_acceptable' });
    expect((await acceptEvaluation({ name: 'nightly-20260103', anyway: true }, at)).evaluation).toBe('nightly-20260103');
  });

  it('keeps to the accepted record when the evaluation is run again under its name', async () => {
    const at = stores();
    await ended(at, { name: 'nightly-20260101', seed: 1 });
    await acceptEvaluation({ name: 'nightly-20260101' }, at);
    await ended(at, { name: 'nightly-20260101', seed: 4, regression: 0.5 });
    await ended(at, { name: 'nightly-20260102', seed: 2 });
    const { verdict, tests } = await checkEvaluation({ name: 'nightly-20260102', baseline: 'accepted' }, at);
    expect(verdict).toBe('fine');
    expect(Math.abs(tests[0]?.difference ?? 1)).toBeLessThan(0.1);
  });

  it('warns at the second drop in a row, however often the nights are checked', async () => {
    const at = stores();
    await ended(at, { name: 'nightly-20260101', seed: 1 });
    await acceptEvaluation({ name: 'nightly-20260101' }, at);
    const verdicts: string[] = [];
    for (let night = 2; night <= 15; night++) {
      const name = `nightly-202601${String(night).padStart(2, '0')}`;
      await ended(at, { name, seed: 900 + night, regression: 0.18 });
      const first = await checkEvaluation({ name, baseline: 'accepted' }, at);
      expect((await checkEvaluation({ name, baseline: 'accepted' }, at)).verdict).toBe(first.verdict);
      verdicts.push(first.verdict);
    }
    expect(verdicts).toContain('warning');
    expect(verdicts[0]).not.toBe('warning');
  });
});
