import { describe, expect, it } from 'vitest';
import type { GatewayStatus } from '../../activities/model/gateway/protocol.ts';
import type { Budget } from '../../schemas/budget.ts';
import type { GatewayPause, HostPauses } from '../../schemas/teacher-health.ts';
import { GatewayWatch } from '../../workers/gateway-watch.ts';

type Seen = GatewayStatus['campaigns'][number];

const pause: GatewayPause = {
  teacher: 't',
  code: 'teacher_unreachable',
  message: 'connect ECONNREFUSED',
  hint: 'start it',
  since: '2026-01-01T00:00:00.000Z',
  next_try: '2026-01-01T00:00:01.000Z',
};

function world() {
  const campaign: Seen = {
    campaign: 'c',
    running: 2,
    prompt_tokens: 0,
    completion_tokens: 0,
    cost_usd: 0,
    exchanges: 0,
    reserved_tokens: 0,
    exchanges_per_minute: 0,
    budget: { tokens: 0, cost_usd: 10 },
    pauses: [],
    busy: [],
  };
  const state = {
    campaign,
    gatewayRuns: true,
    wanted: { tokens: 0, cost_usd: 10 } as Budget | undefined,
    reachable: true,
    names: [] as string[],
    reports: [] as [string, HostPauses][],
    budgets: [] as Budget[],
    asked: 0,
  };
  const watch = new GatewayWatch(
    'here',
    {
      status: async () => (state.gatewayRuns ? { campaigns: [state.campaign] } : undefined),
      setBudget: async (_campaign, budget) => {
        state.budgets.push(budget);
        state.campaign = { ...state.campaign, budget, pauses: [] };
      },
    },
    {
      names: async () => state.names,
      budget: async () => {
        state.asked += 1;
        return state.wanted;
      },
      report: async (name, pauses) => {
        if (!state.reachable) throw new Error('no server');
        state.reports.push([name, pauses]);
      },
    },
  );
  return { state, watch };
}

describe('the watch on a gateway', () => {
  it('reports what is held back once, again every five minutes, and when it is over', async () => {
    const { state, watch } = world();
    await watch.look(0);
    expect(state.reports).toEqual([]);
    state.campaign = { ...state.campaign, pauses: [pause] };
    await watch.look(3000);
    // Another error of the same outage is not reported.
    state.campaign = { ...state.campaign, pauses: [{ ...pause, message: 'refused again', next_try: null }] };
    for (let second = 6; second < 300; second += 3) await watch.look(second * 1000);
    expect(state.reports).toEqual([['c', { host: 'here', pauses: [pause] }]]);
    await watch.look(303_000);
    expect(state.reports).toHaveLength(2);
    state.campaign = { ...state.campaign, pauses: [] };
    await watch.look(306_000);
    await watch.look(309_000);
    expect(state.reports.slice(2)).toEqual([['c', { host: 'here', pauses: [] }]]);
  });

  it('reports again what did not get through', async () => {
    const { state, watch } = world();
    state.campaign = { ...state.campaign, pauses: [pause] };
    state.reachable = false;
    await expect(watch.look(0)).rejects.toThrow('no server');
    state.reachable = true;
    await watch.look(3000);
    expect(state.reports).toHaveLength(1);
  });

  it('says at its beginning that what an earlier worker reported is over', async () => {
    const { state, watch } = world();
    state.names = ['c', 'unknown-to-the-gateway'];
    await watch.look(0);
    await watch.look(3000);
    expect(state.reports).toHaveLength(2);
    expect(new Map(state.reports)).toEqual(
      new Map([
        ['c', { host: 'here', pauses: [] }],
        ['unknown-to-the-gateway', { host: 'here', pauses: [] }],
      ]),
    );
  });

  it('says that a gateway which is gone holds nothing back any more', async () => {
    const { state, watch } = world();
    state.campaign = { ...state.campaign, pauses: [pause] };
    await watch.look(0);
    state.gatewayRuns = false;
    await watch.look(3000);
    expect(state.reports.at(-1)).toEqual(['c', { host: 'here', pauses: [] }]);
  });

  it('takes a changed budget to the gateway before it reports that the old one is spent', async () => {
    const { state, watch } = world();
    state.campaign = { ...state.campaign, pauses: [{ ...pause, teacher: null, code: 'budget_spent' }] };
    state.wanted = { tokens: 0, cost_usd: 20 };
    await watch.look(0);
    await watch.look(3000);
    expect(state.budgets).toEqual([{ tokens: 0, cost_usd: 20 }]);
    expect(state.reports).toEqual([]);
  });

  it('asks no campaign that has nothing in hand', async () => {
    const { state, watch } = world();
    state.campaign = { ...state.campaign, running: 0 };
    await watch.look(0);
    expect(state.asked).toBe(0);
  });
});
