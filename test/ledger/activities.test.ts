import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createLedgerActivities } from '../../activities/ledger/activities.ts';
import type { Ledger } from '../../activities/ledger/ledger.ts';
import { openLocalLedger } from '../../activities/ledger/local/local-ledger.ts';
import type { PullRequestEndInput } from '../../schemas/activity-inputs.ts';
import { asActivityFailure } from '../../workers/activity-failure.ts';
import { planned } from './records.ts';

let folder: string;
let ledger: Ledger;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'tracemill-ledger-'));
  ledger = openLocalLedger(join(folder, 'ledger.sqlite'));
});
afterEach(async () => {
  await ledger.close();
  rmSync(folder, { recursive: true, force: true });
});

function ended(change: Partial<PullRequestEndInput['outcome']>): PullRequestEndInput {
  const totals = { planned: 1, done: 0, lost: 1, kept: 0, resolved: 0, turns: 0, prompt_tokens: 0, completion_tokens: 0, cost_usd: 0 };
  return {
    campaign: 'demo',
    detail: {
      campaign: 'demo',
      instance_id: 'acme__parser-7',
      stage: 'failed',
      paused: false,
      host: null,
      detail: '',
      rollouts: [],
    },
    outcome: { instance_id: 'acme__parser-7', status: 'failed', detail: '', totals, ...change },
  };
}

describe('the end of a pull request', () => {
  it('is put on record with its problem, and leaves what the gate found', async () => {
    const gate = { passed: true, reason: '' };
    await ledger.planTasks([planned('acme__parser-7', { gate })]);
    const problem = { code: 'image_missing', message: 'image a is nowhere', hint: 'build it' };
    await createLedgerActivities({ ledger }).recordPullRequest(ended({ detail: 'image a is nowhere', problem }));
    expect(await ledger.task('demo', 'acme__parser-7')).toMatchObject({
      state: 'failed',
      gate,
      problem: 'image a is nowhere',
      reported: problem,
    });
  });

  it('fails for good, by name, in a home that did not plan the task', async () => {
    const recording = createLedgerActivities({ ledger }).recordPullRequest(ended({ status: 'done' }));
    await expect(recording).rejects.toMatchObject({
      code: 'unknown_task',
      message: `the ledger at ${ledger.location} knows no task acme__parser-7 of campaign demo`,
      hint: expect.stringContaining('home'),
    });
    expect(asActivityFailure(await recording.catch((error: unknown) => error))).toMatchObject({ type: 'unknown_task', nonRetryable: true });
  });
});
