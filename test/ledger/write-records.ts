import { openLocalLedger } from '../../activities/ledger/local/local-ledger.ts';

/** A process of its own that plans 40 rollouts, and notes the same 40 attempts as every other such process. */
const [path = '', name = ''] = process.argv.slice(2);
const ledger = openLocalLedger(path);
for (let number = 0; number < 40; number += 1) {
  const key = { campaign: 'demo', harness: 'openhands' as const, mode: 'think' as const, sample: 0 };
  await ledger.planRollouts([{ key: { ...key, instance_id: `${name}__task-${number}` }, teacher: 'scripted' }]);
  const shared = { ...key, instance_id: 'shared__task-1' };
  await ledger.recordAttempt({
    key: shared,
    stage: 'rollout',
    attempt: number + 1,
    outcome: 'infrastructure',
    code: 'engine_unreachable',
    detail: '',
  });
}
await ledger.close();
