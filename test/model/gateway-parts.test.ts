import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setImmediate } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { CampaignBudget, nothingSpent } from '../../activities/model/gateway/campaign-budget.ts';
import { CampaignBudgets } from '../../activities/model/gateway/campaign-budgets.ts';
import { ExchangeTable } from '../../activities/model/gateway/exchange-table.ts';
import { FrameReader, encodeFrame } from '../../activities/model/gateway/framing.ts';
import { journalledSpending } from '../../activities/model/gateway/journalled-spending.ts';
import { Lane } from '../../activities/model/gateway/lane.ts';
import { Rate } from '../../activities/model/gateway/rate.ts';
import type { Ask, Outcome } from '../../activities/model/gateway/protocol.ts';
import { Teacher } from '../../schemas/campaign.ts';
import { scratchFolder } from '../scratch-folder.ts';
import { never } from './rig.ts';

const teacher = Teacher.parse({ model: 'm', base_url: 'http://127.0.0.1/v1', sampling: { max_tokens: 100 } });

describe('frames', () => {
  it('come whole however the bytes are cut', () => {
    const body = Buffer.from('{"text":"line\\n é"}\n{"more": 1}\n');
    const bytes = Buffer.concat([encodeFrame({ n: 1 }), encodeFrame({ n: 2 }, body), encodeFrame({ n: 3 })].flat());
    for (let size = 1; size <= bytes.length; size++) {
      const reader = new FrameReader();
      const frames = [];
      for (let start = 0; start < bytes.length; start += size) frames.push(...reader.push(bytes.subarray(start, start + size)));
      expect(frames.map(({ json }) => json)).toEqual([{ n: 1 }, { n: 2, body_bytes: body.length }, { n: 3 }]);
      expect(frames[1]?.body).toEqual(body);
    }
  });
});

describe('a lane', () => {
  it('lets requests in as they came, and goes on when one waiting is given up', async () => {
    const lane = new Lane(1);
    const order: string[] = [];
    const leave = await lane.enter(never);
    const quitter = new AbortController();
    const gone = lane.enter(quitter.signal).catch(() => order.push('gave up'));
    const second = lane.enter(never).then((out) => (order.push('second'), out()));
    const third = lane.enter(never).then((out) => (order.push('third'), out()));
    quitter.abort();
    leave();
    await Promise.all([gone, second, third]);
    expect(order).toEqual(['gave up', 'second', 'third']);
    expect(lane.load).toMatchObject({ active: 0, waiting: 0 });
  });

  it('lets more in when it gets wider', async () => {
    const lane = new Lane(1);
    await lane.enter(never);
    const second = lane.enter(never);
    lane.setCapacity(2);
    await second;
    expect(lane.load).toMatchObject({ active: 2, capacity: 2 });
  });
});

describe('a budget', () => {
  const answered = (tokens: number) => ({ usage: { prompt_tokens: tokens, completion_tokens: 0 }, cost_usd: 0 });
  const budgetOf = (limits: { tokens: number; cost_usd: number }, prompt_tokens = 0) =>
    new CampaignBudget('c', limits, { ...nothingSpent, prompt_tokens });

  it('reserves the worst case and counts what it was', async () => {
    const budget = budgetOf({ tokens: 1000, cost_usd: 0 }, 300);
    const reservation = await budget.reserve(400, teacher, never);
    expect(budget.reserved.tokens).toBe(200);
    reservation.end(answered(120));
    expect(budget.spent).toEqual({ prompt_tokens: 420, completion_tokens: 0, cost_usd: 0, exchanges: 1 });
    expect(budget.reserved).toEqual({ tokens: 0, cost_usd: 0 });
  });

  it('makes a request wait while reservations stand in its way, and then until it is raised', async () => {
    const budget = budgetOf({ tokens: 300, cost_usd: 0 });
    const first = await budget.reserve(400, teacher, never);
    const second = budget.reserve(400, teacher, never);
    expect(budget.pause).toBeUndefined();
    first.end(answered(90));
    (await second).end(answered(90));
    const third = budget.reserve(400, teacher, never);
    expect(budget.pause).toMatchObject({
      teacher: null,
      code: 'budget_spent',
      message: '180 of 300 tokens are spent; another request could overrun the budget',
      next_try: null,
    });
    budget.setLimits({ tokens: 350, cost_usd: 0 });
    await setImmediate();
    expect(budget.pause?.message).toContain('180 of 350 tokens');
    budget.setLimits({ tokens: 380, cost_usd: 0 });
    await third;
    expect(budget.pause).toBeUndefined();
  });

  it('is not waited for any more when the one who waits is given up', async () => {
    const budget = budgetOf({ tokens: 1, cost_usd: 0 });
    const quitter = new AbortController();
    const waiting = budget.reserve(400, teacher, quitter.signal).catch((error: unknown) => error);
    expect(budget.pause).toBeDefined();
    quitter.abort(new Error('given up'));
    expect(await waiting).toMatchObject({ message: 'given up' });
    expect(budget.pause).toBeUndefined();
  });

  it('costs nothing for a request that failed', async () => {
    const budget = budgetOf({ tokens: 300, cost_usd: 0 });
    (await budget.reserve(400, teacher, never)).end(undefined);
    expect(budget.spent).toEqual(nothingSpent);
  });

  it('in dollars counts by the prices of the teacher', async () => {
    const priced = { ...teacher, prices: { prompt_usd_per_million: 1000, completion_usd_per_million: 10_000 } };
    const budget = budgetOf({ tokens: 0, cost_usd: 1.5 });
    const reservation = await budget.reserve(400, priced, never);
    expect(budget.reserved.cost_usd).toBeCloseTo(0.1 + 1);
    reservation.end({ ...answered(0), cost_usd: 1.1 });
    void budget.reserve(400, priced, never);
    expect(budget.pause?.message).toContain('$1.1000 of $1.5');
  });
});

describe('a rate', () => {
  it('is what happened a minute, over the last five minutes or since it began', () => {
    const rate = new Rate();
    expect(rate.aMinute(0)).toBe(0);
    for (let second = 0; second < 60; second++) rate.count(second * 1000);
    expect(rate.aMinute(60_000)).toBeCloseTo(60);
    expect(rate.aMinute(240_000)).toBeCloseTo(15);
    expect(rate.aMinute(400_000)).toBe(0);
  });
});

describe('the budgets of campaigns', () => {
  const asked = { campaign: 'c', journals: '/nowhere', budget: { tokens: 100, cost_usd: 0 } };

  it('read what was spent once for each campaign, and again after they could not', async () => {
    const answers = [Promise.reject(new Error('EIO')), Promise.resolve({ ...nothingSpent, prompt_tokens: 70 })];
    let reads = 0;
    const budgets = new CampaignBudgets(() => answers[reads++] ?? Promise.reject(new Error('read once too often')));
    await expect(budgets.of(asked)).rejects.toThrow('EIO');
    const [one, other] = await Promise.all([budgets.of(asked), budgets.of(asked)]);
    expect(one).toBe(other);
    expect(one.spent.prompt_tokens).toBe(70);
    expect(reads).toBe(2);
  });

  it('keep to what an operator set, whatever exchanges say that was planned', async () => {
    const budgets = new CampaignBudgets(() => Promise.resolve(nothingSpent));
    budgets.setLimits('c', { tokens: 500, cost_usd: 0 });
    const budget = await budgets.of(asked);
    expect(budget.limits.tokens).toBe(500);
    budgets.setLimits('c', { tokens: 600, cost_usd: 0 });
    expect((await budgets.of(asked)).limits.tokens).toBe(600);
  });

  it('take only a missing folder for nothing spent', async () => {
    const folder = scratchFolder('budgets');
    expect(await journalledSpending(folder, 'c')).toEqual(nothingSpent);
    writeFileSync(join(folder, 'c'), 'no folder');
    await expect(journalledSpending(folder, 'c')).rejects.toMatchObject({ code: 'ENOTDIR' });
  });
});

describe('the table of exchanges', () => {
  const ask = (exchange: number, request_sha256 = 'a'): Ask => ({
    type: 'ask',
    id: 0,
    rollout: 'r',
    exchange,
    request_sha256,
    campaign: 'c',
    teacher_name: 't',
    teacher,
    mode: 'think',
    budget: { tokens: 0, cost_usd: 0 },
    journals: '/nowhere',
    api_key: null,
  });
  const outcome: Outcome = { type: 'ending', kind: 'context_full', message: 'full' };
  const settled = () => setImmediate();

  function table(limits: { count: number; bytes: number; ageMs: number }) {
    const dropped: string[] = [];
    const seen: Outcome[] = [];
    let started = 0;
    const exchanges = new ExchangeTable(
      async () => {
        started += 1;
        return outcome;
      },
      limits,
      (what) => dropped.push(what),
    );
    const listener = { retry: () => undefined, outcome: (given: Outcome) => void seen.push(given) };
    return { exchanges, dropped, seen, listener, started: () => started };
  }

  it('gives a kept outcome again, and refuses another request under the same number', async () => {
    const { exchanges, seen, listener, started } = table({ count: 10, bytes: 1e6, ageMs: 1e6 });
    exchanges.ask(ask(0), Buffer.alloc(0), listener);
    await settled();
    exchanges.ask(ask(0), Buffer.alloc(0), listener);
    exchanges.ask(ask(0, 'b'), Buffer.alloc(0), listener);
    expect(seen).toEqual([outcome, outcome, expect.objectContaining({ code: 'request_diverged' })]);
    expect(started()).toBe(1);
  });

  it('gives an outcome to every listener, whatever goes wrong inside', async () => {
    const seen: Outcome[] = [];
    const exchanges = new ExchangeTable(
      () => Promise.reject(new Error('no journals')),
      { count: 1, bytes: 1, ageMs: 1 },
      () => undefined,
    );
    exchanges.ask(ask(0), Buffer.alloc(0), { retry: () => undefined, outcome: (outcome) => void seen.push(outcome) });
    await settled();
    expect(seen).toEqual([{ type: 'problem', code: 'gateway_failed', message: 'r/0: no journals' }]);
    expect(exchanges.running).toBe(0);
  });

  it.each([
    ['count', { count: 2, bytes: 1e6, ageMs: 1e6 }],
    ['bytes', { count: 10, bytes: 150, ageMs: 1e6 }],
  ])('drops the oldest outcomes over its limit of %s and says so', async (_name, limits) => {
    const { exchanges, dropped, listener } = table(limits);
    for (let rollout = 0; rollout < 3; rollout++) {
      exchanges.ask({ ...ask(0), rollout: `r${rollout}` }, Buffer.alloc(0), listener);
      await settled();
    }
    expect(dropped).toEqual([expect.stringContaining('r0/0')]);
  });

  it('drops outcomes that nobody came for', async () => {
    const { exchanges, dropped, listener } = table({ count: 2, bytes: 1e6, ageMs: 1000 });
    exchanges.ask(ask(0), Buffer.alloc(0), listener);
    await settled();
    exchanges.dropOld(Date.now() + 500);
    expect(dropped).toEqual([]);
    exchanges.dropOld(Date.now() + 1500);
    expect(dropped).toHaveLength(1);
  });
});
