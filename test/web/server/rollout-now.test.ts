import { describe, expect, it } from 'vitest';
import type { Cell } from '../../../schemas/campaign.ts';
import type { LiveDetail, LiveRollout } from '../../../schemas/live-detail.ts';
import type { GatewayPause } from '../../../schemas/teacher-health.ts';
import { rolloutNow, withPauses } from '../../../web/server/live/rollout-now.ts';
import type { Wait } from '../../../web/server/live/waiting.ts';

const cell: Cell = { harness: 'openhands', mode: 'think', teacher: 'large', sample: 0 };
const begun = Date.parse('2026-11-30T08:00:00.000Z');

function rollout(change: Partial<LiveRollout>): LiveRollout {
  const usage = { prompt_tokens: 0, completion_tokens: 0 };
  return {
    cell,
    stage: 'rollout',
    since: begun,
    turns: 0,
    usage,
    cost_usd: 0,
    ending: null,
    fate: null,
    detail: '',
    live: null,
    ...change,
  };
}

function task(change: Partial<LiveDetail> = {}): LiveDetail {
  const base = { campaign: 'c', instance_id: 'o__r-1', host: 'here', detail: '', rollouts: [], retries: [], pauses: [] };
  return { ...base, stage: 'rollouts', since: begun, paused: false, ...change };
}

function wait(change: Partial<Wait>): Wait {
  return {
    cell: null,
    where: 'rollout',
    waiting_for: 'queue',
    since: '2026-11-30T08:05:00.000Z',
    detail: 'no worker has taken it yet',
    ...change,
  };
}

const running = (doing: 'model' | 'tool'): LiveRollout['live'] => ({
  cell,
  turn: 7,
  exchanges: 8,
  prompt_tokens: 1,
  completion_tokens: 1,
  cost_usd: 0,
  doing,
  actions: 7,
  attempt: 1,
});

const pause: GatewayPause = {
  teacher: 'large',
  code: 'teacher_unreachable',
  message: 'no route',
  hint: 'start it',
  since: '2026-11-30T07:00:00.000Z',
  next_try: null,
};

describe('what a rollout waits for', () => {
  it('is what its own heartbeat says, and not that of its siblings', () => {
    const sibling = { ...cell, sample: 1 };
    const waits = [wait({ cell: sibling, waiting_for: 'tool' }), wait({ cell, waiting_for: 'model', since: '2026-11-30T08:09:00.000Z' })];
    const now = rolloutNow(rollout({ live: running('model') }), task(), waits);
    expect(now).toMatchObject({ stage: 'rollout', turns: 7, waiting_for: 'model', since: '2026-11-30T08:09:00.000Z' });
  });

  it('is its teacher, while that is held back, and its command where one still runs', () => {
    const waits = [wait({ cell, waiting_for: 'tool' })];
    const held = task({ pauses: [pause] });
    const now = rolloutNow(rollout({ live: running('model') }), held, waits);
    expect(now).toMatchObject({ waiting_for: 'teacher large', since: pause.since, detail: 'teacher unreachable: no route. → start it' });
    expect(rolloutNow(rollout({ live: running('tool') }), held, waits)).toMatchObject({ waiting_for: 'tool' });
    expect(rolloutNow(rollout({ cell: { ...cell, teacher: 'small' } }), held, waits)).not.toMatchObject({ waiting_for: 'teacher large' });
    const budget = task({ pauses: [{ ...pause, teacher: null, code: 'budget_spent' }] });
    expect(rolloutNow(rollout({}), budget, waits)).toMatchObject({ waiting_for: 'budget' });
  });

  it.each([
    ['queue', [wait({})], 'queue', '2026-11-30T08:05:00.000Z'],
    ['one of two queues', [wait({}), wait({ since: null })], 'queue', '2026-11-30T08:00:00.000Z'],
    [
      'a queue or a retry, which of them nobody knows',
      [wait({}), wait({ waiting_for: 'retry' })],
      'queue or retry',
      '2026-11-30T08:00:00.000Z',
    ],
    ['a worker that says nothing', [], 'worker', '2026-11-30T08:00:00.000Z'],
  ])('is %s, before its first heartbeat', (_what, waits, waiting_for, since) => {
    expect(rolloutNow(rollout({}), task(), waits)).toMatchObject({ waiting_for, since });
  });

  it('is the work of its stage once the agent has ended', () => {
    const waits = [wait({ cell, waiting_for: 'model' }), wait({ where: 'verify', waiting_for: 'tests' })];
    const now = rolloutNow(rollout({ stage: 'verification', turns: 12 }), task(), waits);
    expect(now).toMatchObject({ stage: 'verification', turns: 12, waiting_for: 'tests', since: '2026-11-30T08:05:00.000Z' });
    expect(rolloutNow(rollout({ stage: 'done' }), task(), waits)).toMatchObject({ stage: 'done', waiting_for: null, since: null });
  });

  it.each([
    ['gate', false, 'gate of its task'],
    ['preparation', true, 'preparation of its task'],
    ['ready', false, 'room in its campaign'],
    ['ready', true, 'resume of its campaign'],
    ['queued', true, 'resume of its campaign'],
    ['queued', false, 'worker'],
  ] as const)('is that of its task before it begins: %s, paused %s', (stage, paused, waiting_for) => {
    const now = rolloutNow(rollout({ stage: 'planned' }), task({ stage, paused, since: begun + 60_000 }), []);
    expect(now).toMatchObject({ stage: 'planned', turns: null, waiting_for, since: '2026-11-30T08:01:00.000Z' });
  });
});

describe('what waits in a campaign', () => {
  const own = (doing: string, teacher = 'large') => wait({ cell: { ...cell, teacher }, waiting_for: doing, detail: 'turn 8' });

  it('waits for a teacher that is held back, where it needs a reply of it', () => {
    const waits = [own('model'), own('tool'), own('model', 'small'), wait({})];
    expect(withPauses(waits, [pause]).map(({ waiting_for }) => waiting_for)).toEqual(['teacher large', 'tool', 'model', 'queue']);
    expect(withPauses([own('model')], [pause])[0]).toMatchObject({
      since: pause.since,
      detail: expect.stringMatching(/no route.*start it/),
    });
  });

  it('waits for the budget, whichever its teacher is', () => {
    const [held] = withPauses([own('model', 'small')], [{ ...pause, teacher: null, code: 'budget_spent' }]);
    expect(held?.waiting_for).toBe('budget');
  });
});
