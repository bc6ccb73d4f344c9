import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { requestUsage } from '../../activities/ingestion/usage.ts';
import { calls, collect, fixture, only, outline, stream } from './collect.ts';

const record = (value: unknown) => only(stream(JSON.stringify(value)));

describe('cost, tokens and exit status are kept where the format has them', () => {
  it.each([
    ['sweagent-1/demo__calc-1', { cost_usd: 0, calls: 5, prompt_tokens: 100, completion_tokens: 10 }, 'submitted'],
    ['sweagent-0/demo__calc-1.traj', { cost_usd: 0, calls: 4 }, 'submitted'],
    ['mini-swe-agent-2/demo__calc-1.traj.json', { cost_usd: 0, calls: 4 }, 'Submitted'],
    ['atif/trajectory.json', { prompt_tokens: 1125, completion_tokens: 140 }, null],
  ])('%s', async (name, usage, status) => {
    const { trajectories } = await collect(fixture(name));
    expect(trajectories[0]?.usage).toMatchObject(usage);
    expect(trajectories[0]?.exit_status).toBe(status);
  });

  it('by OpenHands, from its metrics, from events and from its state', async () => {
    const metrics = {
      accumulated_cost: 0.5,
      accumulated_token_usage: { prompt_tokens: 90, completion_tokens: 9, cache_read_tokens: 40, cache_write_tokens: 8 },
      token_usages: [{}, {}, {}],
    };
    const events = [
      { source: 'user', action: 'message', args: { content: 'Mend it.' } },
      { source: 'agent', action: 'message', args: { content: 'Done.' }, llm_metrics: metrics },
      { source: 'environment', observation: 'agent_state_changed', extras: { agent_state: 'awaiting_user_input' } },
    ];
    const usage = { cost_usd: 0.5, calls: 3, prompt_tokens: 90, completion_tokens: 9, cached_tokens: 40, reasoning_tokens: null };
    expect(await record({ instance_id: 'a', history: events.slice(0, 2), metrics, error: null })).toMatchObject({ usage });
    expect(await record(events)).toMatchObject({ usage, exit_status: 'awaiting_user_input' });
    const row = { history: events.slice(0, 2), error: 'AgentStuckInLoopError: again' };
    expect(await record(row)).toMatchObject({ ending: { kind: 'stuck' }, exit_status: 'AgentStuckInLoopError: again' });
  });

  it('in plain rows, under the names of either API', async () => {
    const messages = [{ role: 'assistant', content: 'Done.' }];
    const row = await record({ messages, usage: { input_tokens: 7, output_tokens: 2 }, total_cost: 0.1, exit_status: 'submitted' });
    expect(row).toMatchObject({ usage: { cost_usd: 0.1, prompt_tokens: 7, completion_tokens: 2 }, exit_status: 'submitted' });
    expect((await record({ messages })).usage).toBeNull();
  });

  it('and figures that make no sense are as if they were not there', () => {
    expect(requestUsage({ prompt_tokens: -1, completion_tokens: 'many' })).toMatchObject({ prompt_tokens: null, completion_tokens: null });
    expect(requestUsage({ prompt_tokens: 5, prompt_tokens_details: { cached_tokens: 3 }, completion_tokens: 2 })).toMatchObject({
      cached_tokens: 3,
    });
    expect(requestUsage({ something: 1 })).toBeNull();
  });
});

describe('completions of OpenHands', () => {
  let folder: string;
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'tracemill-completions-'));
  });
  afterAll(() => {
    rmSync(folder, { recursive: true, force: true });
  });

  const native = (id: string, command: string) => ({
    role: 'assistant',
    content: 'I look.',
    tool_calls: [{ id, type: 'function', function: { name: 'terminal', arguments: JSON.stringify({ command }) } }],
  });
  const choice = (message: unknown) => ({
    id: 'r',
    model: 'model-1',
    choices: [{ message }],
    usage: { prompt_tokens: 5, completion_tokens: 1 },
  });
  const prompt = [
    { role: 'system', content: 'Be brief.' },
    { role: 'user', content: 'Mend it.' },
  ];
  const spoken = '<function=terminal>\n<parameter=command>git log --all</parameter>\n</function>';

  it('with calls in text give those that stand beside them natively', async () => {
    const log = {
      messages: [
        ...prompt,
        { role: 'assistant', content: `I look.\n${spoken}` },
        { role: 'user', content: 'EXECUTION RESULT of [terminal]:\nabc' },
      ],
      raw_messages: [...prompt, native('c1', 'git log --all'), { role: 'tool', tool_call_id: 'c1', content: 'abc' }],
      tools: [],
      response: choice({ role: 'assistant', content: 'Done.' }),
      cost: 0.02,
    };
    const trajectory = await record(log);
    expect(trajectory).toMatchObject({ format: 'openhands-completions', model: 'model-1', usage: { cost_usd: 0.02, prompt_tokens: 5 } });
    expect(outline(trajectory.messages).slice(2)).toEqual(['assistant: I look. → c1 terminal', 'tool c1: abc', 'assistant: Done.']);
  });

  it('with calls in text alone are read as well', async () => {
    const trajectory = await record({
      messages: prompt,
      kwargs: {},
      response: choice({ role: 'assistant', content: `I look.\n${spoken}` }),
    });
    expect(calls(trajectory.messages)).toEqual(['{"command":"git log --all"}']);
  });

  it('of the Responses API are read', async () => {
    const trajectory = await record({
      instructions: 'Be brief.',
      input: [{ type: 'message', role: 'user', content: [{ type: 'input_text', text: 'Mend it.' }] }],
      kwargs: {},
      response: {
        output: [{ type: 'function_call', call_id: 'c1', name: 'terminal', arguments: '{"command":"ls"}' }],
        usage: { input_tokens: 4, output_tokens: 1 },
      },
    });
    expect(outline(trajectory.messages)).toEqual(['system: Be brief.', 'user: Mend it.', 'assistant:  → c1 terminal']);
  });

  it('that forget earlier replies give these too, and say that their results are lost', async () => {
    const path = join(folder, 'acme__widgets-1');
    mkdirSync(path);
    const log = (time: string, messages: unknown[], reply: unknown) =>
      writeFileSync(join(path, `model-${time}-ab12.json`), JSON.stringify({ messages, response: choice(reply), cost: 0.01 }));
    log('1.5', prompt, { ...native('c1', 'git log --all'), reasoning_content: 'Look first.' });
    log('2.5', [...prompt, { role: 'user', content: 'A summary.' }], native('c2', 'ls'));
    log(
      '3.5',
      [...prompt, { role: 'user', content: 'A summary.' }, native('c2', 'ls'), { role: 'tool', tool_call_id: 'c2', content: 'a.py' }],
      { role: 'assistant', content: 'Done.' },
    );
    const trajectory = await only(path);
    expect(outline(trajectory.messages).slice(2)).toEqual([
      'user: A summary.',
      'assistant: I look. (thought) → c1 terminal',
      'assistant: I look. → c2 terminal',
      'tool c2: a.py',
      'assistant: Done.',
    ]);
    expect(trajectory.lost.map(({ what }) => what)).toEqual(['result']);
    expect(trajectory.usage).toMatchObject({ cost_usd: 0.03, calls: 3, prompt_tokens: 15 });
  });
});
