import { describe, expect, it } from 'vitest';
import { calls, only, outline, stream } from './collect.ts';

const record = (value: unknown) => only(stream(JSON.stringify(value)));

describe('OpenHands events from before 0.10', () => {
  const history = [
    { action: 'message', content: 'Make it divide.', wait_for_response: false },
    { action: 'run', command: 'cat calc.py', thought: 'I look.', is_confirmed: 'confirmed' },
    { observation: 'run', content: 'return a - b', command: 'cat calc.py', command_id: -1, exit_code: 0 },
    { action: 'run_ipython', code: 'edit()', thought: '' },
    { observation: 'run_ipython', content: 'edited', code: 'edit()' },
    { action: 'message', content: 'Is that all?', wait_for_response: true },
    { action: 'message', content: 'Yes.', wait_for_response: false },
    { action: 'finish', outputs: {}, thought: 'Done.' },
  ];

  it('hold their fields beside the action, and no source', async () => {
    const trajectory = await record({ instruction: 'x', base_commit: 'abc', git_patch: 'diff', history, error: null });
    expect(outline(trajectory.messages)).toEqual([
      'user: Make it divide.',
      'assistant: I look. → call_1_0 execute_bash',
      'tool call_1_0: return a - b⏎[exit code 0]',
      'assistant:  → call_3_0 execute_ipython_cell',
      'tool call_3_0: edited',
      'assistant: Is that all?',
      'user: Yes.',
      'assistant: Done. → call_7_0 finish',
    ]);
    expect(calls(trajectory.messages).slice(0, 2)).toEqual(['{"command":"cat calc.py"}', '{"code":"edit()"}']);
    expect(trajectory).toMatchObject({
      format: 'openhands',
      base_commit: 'abc',
      ending: { kind: 'finished', detail: 'Done.' },
      reported: [expect.stringContaining('calls rebuilt from events')],
      lost: [],
    });
  });

  it('of an unknown kind are lost, and said to be', async () => {
    const trajectory = await record({ history: [...history.slice(0, 3), { action: 'paint', canvas: 'x' }] });
    expect(trajectory.lost).toEqual([{ what: 'call', reason: 'an action "paint" that is not known', message: 3 }]);
  });
});

describe('OpenHands events whose reply was recorded without its call', () => {
  it('take the call from the event', async () => {
    const trajectory = await record([
      { source: 'user', action: 'message', args: { content: 'Go.' } },
      {
        source: 'agent',
        action: 'run',
        args: { command: 'ls', thought: 'I look.' },
        tool_call_metadata: { model_response: { id: 'r', choices: [{ message: { role: 'assistant', content: 'I look.' } }] } },
      },
      { source: 'agent', observation: 'run', cause: 1, content: 'a.py', extras: {} },
    ]);
    expect(outline(trajectory.messages).slice(1)).toEqual(['assistant: I look. → call_1_0 execute_bash', 'tool call_1_0: a.py']);
  });
});

describe('SWE-agent at a limit', () => {
  const step = (action: string, response: string) => ({ action, observation: 'x', response, state: '{}', thought: response });
  const said = (content: string, action: string) => ({ role: 'assistant', content, thought: content, action });
  const history = [
    { role: 'system', content: 's' },
    { role: 'user', content: 'Go.' },
    said('x\n```\nls\n```', 'ls\n'),
    { role: 'user', content: 'a.py' },
  ];

  it.each([
    ['exit_cost', 'Exit due to cost limit'],
    ['exit_context', 'Exit due to context window'],
  ])('%s: its own last words are no reply that was asked for again', async (status, words) => {
    const run = {
      environment: 'calc__1',
      trajectory: [step('ls\n', 'x'), step(status, status)],
      history: [...history, said(words, status)],
      info: { exit_status: `submitted (${status})`, submission: 'diff' },
    };
    const { messages, reported } = await record(run);
    expect(outline(messages).slice(2)).toEqual(['assistant: x⏎```⏎ls⏎``` → call_2_0 bash', 'tool call_2_0: a.py']);
    expect(reported).toEqual(['what the harness says after a limit is left out']);
  });

  it('replies that were asked for again are still counted', async () => {
    const run = {
      environment: 'calc__1',
      trajectory: [step('ls\n', 'x'), step('', 'no command'), step('exit_cost', 'exit_cost')],
      history: [...history, said('Exit due to cost limit', 'exit_cost')],
      info: { exit_status: 'submitted (exit_cost)', submission: 'diff' },
    };
    expect((await record(run)).reported).toContain('replies that were asked for again and are not in the history: 1');
  });
});

describe('the id of a trajectory', () => {
  const messages = [
    { role: 'user', content: 'Go.' },
    { role: 'assistant', content: 'Done.' },
  ];

  it.each([
    ['its own', { trajectory_id: 't', id: 'i', instance_id: 'calc__1' }, 't', 'calc__1'],
    ['its own that is a number', { id: 7, instance_id: 'calc__1' }, '7', 'calc__1'],
    ['else that of its instance', { instance_id: 'calc__1' }, 'calc__1', 'calc__1'],
    ['also in a key', { key: { instance_id: 'calc__1', harness: 'x' } }, 'calc__1', 'calc__1'],
    ['also of a data set of rows', { instance_id: 'calc__1', metadata: {}, trajectory_id: '' }, 'calc__1', 'calc__1'],
    ['else its place', {}, 'stdin:1', null],
  ])('is %s', async (_which, fields, id, instance_id) => {
    expect(await record({ ...fields, messages })).toMatchObject({ id, instance_id });
  });
});
