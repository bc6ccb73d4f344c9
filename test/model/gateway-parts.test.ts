import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { CampaignBudget } from '../../activities/model/gateway/campaign-budget.ts';
import { CampaignBudgets } from '../../activities/model/gateway/campaign-budgets.ts';
import { ExchangeTable } from '../../activities/model/gateway/exchange-table.ts';
import { FrameReader, encodeFrame } from '../../activities/model/gateway/framing.ts';
import { journalledSpending } from '../../activities/model/gateway/journalled-spending.ts';
import { Lane } from '../../activities/model/gateway/lane.ts';
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

  it('reserves the worst case and counts what it was', async () => {
    const budget = new CampaignBudget({ tokens: 1000, cost_usd: 0 }, { tokens: 300, cost_usd: 0 });
    const reservation = await budget.reserve(400, teacher, never);
    expect(budget.totals.reserved.tokens).toBe(200);
    reservation?.end(answered(120));
    expect(budget.totals).toEqual({ spent: { tokens: 420, cost_usd: 0 }, reserved: { tokens: 0, cost_usd: 0 } });
  });

  it('makes a request wait while only reservations stand in its way, and refuses it when the money is gone', async () => {
    const budget = new CampaignBudget({ tokens: 300, cost_usd: 0 }, { tokens: 0, cost_usd: 0 });
    const first = await budget.reserve(400, teacher, never);
    const second = budget.reserve(400, teacher, never);
    first?.end(answered(90));
    const granted = await second;
    expect(granted).toBeDefined();
    granted?.end(answered(90));
    expect(await budget.reserve(400, teacher, never)).toBeUndefined();
  });

  it('costs nothing for a request that failed', async () => {
    const budget = new CampaignBudget({ tokens: 300, cost_usd: 0 }, { tokens: 0, cost_usd: 0 });
    (await budget.reserve(400, teacher, never))?.end(undefined);
    expect(budget.totals.spent.tokens).toBe(0);
  });

  it('in dollars counts by the prices of the teacher', async () => {
    const priced = { ...teacher, prices: { prompt_usd_per_million: 1000, completion_usd_per_million: 10_000 } };
    const budget = new CampaignBudget({ tokens: 0, cost_usd: 1.5 }, { tokens: 0, cost_usd: 0 });
    const reservation = await budget.reserve(400, priced, never);
    expect(budget.totals.reserved.cost_usd).toBeCloseTo(0.1 + 1);
    reservation?.end({ ...answered(0), cost_usd: 1.1 });
    expect(await budget.reserve(400, priced, never)).toBeUndefined();
  });
});

describe('the budgets of campaigns', () => {
  const asked = { campaign: 'c', journals: '/nowhere', budget: { tokens: 100, cost_usd: 0 } };

  it('read what was spent once for each campaign, and again after they could not', async () => {
    const answers = [Promise.reject(new Error('EIO')), Promise.resolve({ tokens: 70, cost_usd: 0 })];
    let reads = 0;
    const budgets = new CampaignBudgets(() => answers[reads++] ?? Promise.reject(new Error('read once too often')));
    await expect(budgets.of(asked)).rejects.toThrow('EIO');
    const [one, other] = await Promise.all([budgets.of(asked), budgets.of(asked)]);
    expect(one).toBe(other);
    expect(one.totals.spent.tokens).toBe(70);
    expect(reads).toBe(2);
  });

  it('take only a missing folder for nothing spent', async () => {
    const folder = scratchFolder('budgets');
    expect(await journalledSpending(folder, 'c')).toEqual({ tokens: 0, cost_usd: 0 });
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
  const settled = () => new Promise((resolve) => setImmediate(resolve));

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

  it('gives an outcome to whoever waits, whatever goes wrong inside', async () => {
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
