import { setTimeout as sleep } from 'node:timers/promises';
import { openLocalLedger } from '../../activities/ledger/local/local-ledger.ts';

/** A process of its own that records one attempt after another and says how long each took, until its input ends. */
const [path = ''] = process.argv.slice(2);
const ledger = openLocalLedger(path);
const key = { campaign: 'other', instance_id: 'other__task-1', harness: 'openhands', mode: 'think', sample: 0 } as const;
const waits: number[] = [];
let asked = true;
process.stdin.resume().on('end', () => (asked = false));
for (let attempt = 1; asked; attempt += 1) {
  const started = performance.now();
  await ledger.recordAttempt({ key, attempt, stage: 'rollout', outcome: 'finished', code: '', detail: '' });
  waits.push(performance.now() - started);
  // The first call opens the database, which no writer blocks.
  if (attempt === 1) process.stdout.write('ready\n');
  await sleep(2);
}
await ledger.close();
process.stdout.write(`${JSON.stringify(waits.slice(1))}\n`);
