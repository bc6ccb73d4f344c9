import { describe, expect, it } from 'vitest';
import { decisionOf } from './decide.ts';
import { trajectory } from './rows.ts';

const key = { ...trajectory().key, harness: 'tiny-1' };

describe('filters', () => {
  it('put on the ledger what each harness said of itself', () => {
    expect(decisionOf('early_termination', {}).parameters).toEqual({ last_call: { openhands: 'finish', sweagent: 'submit' } });
    expect(decisionOf('concurrent_calls', {}).parameters).toEqual({ allowed: { openhands: false, sweagent: false } });
  });

  it('hold a row of a harness they know nothing of to what holds for all', () => {
    expect(decisionOf('early_termination', { trajectory: trajectory([], { key }) })).toMatchObject({
      decision: 'keep',
      reason: 'nobody says what the last call of tiny-1 is',
    });
    const gaveUp = { kind: 'gave_up', status: 'gave up', detail: '' } as const;
    expect(decisionOf('early_termination', { trajectory: trajectory([], { key, ending: gaveUp }) }).decision).toBe('drop');
    const turns = [{ turn: 0, calls: 2, errors: [], finish_reason: 'tool_calls' as const }];
    expect(decisionOf('concurrent_calls', { trajectory: trajectory([], { key, turns }) }).decision).toBe('drop');
  });
});
