import { Context } from '@temporalio/activity';
import { TemporalFailure } from '@temporalio/common';
import type { LedgerRecordOf } from '../../schemas/ledger-record.ts';
import type { RolloutKey } from '../../schemas/names.ts';
import { messageOf, Problem } from '../../schemas/problem.ts';
import type { Ledger } from './ledger.ts';

/**
 * Runs one attempt at a stage of a rollout and records how it ended: a failure of infrastructure stays visible
 * after a later success. An attempt that is cancelled, or whose worker dies, ends without a record.
 */
export async function recordedAttempt<T>(
  ledger: Ledger,
  key: RolloutKey,
  stage: LedgerRecordOf<'attempt'>['stage'],
  work: () => Promise<T>,
): Promise<T> {
  const { info, cancellationSignal } = Context.current();
  const record = (outcome: 'finished' | 'infrastructure', code: string, detail: string) =>
    ledger.recordAttempt({ key, attempt: info.attempt, stage, outcome, code, detail });
  try {
    const result = await work();
    await record('finished', '', '');
    return result;
  } catch (error) {
    const interrupted = cancellationSignal.aborted || error instanceof TemporalFailure;
    if (!interrupted) await record('infrastructure', error instanceof Problem ? error.code : 'unexpected', messageOf(error).slice(0, 1000));
    throw error;
  }
}
