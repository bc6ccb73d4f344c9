import { describe, expect, it } from 'vitest';
import type { PullRequestRun } from '../../schemas/pull-request.ts';
import { PullRequestState } from '../../workflows/pull-request-state.ts';

const ref = { sha256: '0'.repeat(64), size_bytes: 1, content_type: 'application/json' };
const [first, second, third] = [0, 1, 2].map((sample) => ({ harness: 'openhands', mode: 'think', teacher: 't', sample }) as const);
if (first === undefined || second === undefined || third === undefined) throw new Error('three cells');
const run: PullRequestRun = {
  campaign: 'c',
  plan: ref,
  entry: { instance_id: 'o__r-1', repo: 'o/r', language: 'go', license: 'MIT', task: ref },
  cells: [first, second, third],
  timeouts: { rollout_seconds: 60, verification_seconds: 60, heartbeat_seconds: 5, host_seconds: 60, campaign_seconds: 60 },
  paused: false,
  prefetched: true,
};
const result = {
  trajectory: ref,
  ending: 'finished',
  turns: 3,
  usage: { prompt_tokens: 100, completion_tokens: 10 },
  cost_usd: 0.5,
  empty_patch: false,
} as const;

describe('the state of a pull request', () => {
  it('follows what its campaign sends, however often', () => {
    const state = new PullRequestState(run, 1000);
    state.setPaused(true);
    state.setPaused(true);
    expect([state.paused, state.prefetched]).toEqual([true, true]);
    state.startRollouts();
    state.setPaused(false);
    state.startRollouts();
    expect([state.paused, state.prefetched]).toEqual([false, false]);
  });

  it('counts what was spent on rollouts that were lost after their end, and leaves open what has no fate', () => {
    const state = new PullRequestState(run, 1000);
    for (const cell of [first, second]) state.rolloutEnded(cell, result);
    state.decided(first, { kept: true, resolved: 1, git_hack_attempted: false, reason: 'kept' });
    state.rolloutStage(second, 'scan', 5000);
    expect(state.openCells).toEqual([second, third]);
    state.lost(second, 'disk_full: the disk is full');
    expect(state.openCells).toEqual([third]);
    expect(state.outcome('failed', 'lost').totals).toMatchObject({
      planned: 3,
      done: 1,
      lost: 1,
      kept: 1,
      resolved: 1,
      prompt_tokens: 200,
      cost_usd: 1,
    });
    expect(state.detail().rollouts.map(({ stage, turns }) => `${stage} ${turns}`)).toEqual(['done 3', 'lost 3', 'planned 0']);
  });

  it('says since when it and its rollouts are at their stage, and of what is over no time', () => {
    const state = new PullRequestState(run, 1000);
    state.enter('rollouts', 2000);
    state.enter('rollouts', 3000, 'once more');
    state.rolloutStage(first, 'rollout', 4000);
    state.rolloutStage(first, 'verification', 5000);
    state.rolloutStage(second, 'rollout', 6000);
    state.lost(second, 'disk_full: the disk is full');
    expect(state.detail()).toMatchObject({ stage: 'rollouts', since: 2000, detail: 'once more' });
    expect(state.detail().rollouts.map(({ since }) => since)).toEqual([5000, null, 1000]);
  });
});
