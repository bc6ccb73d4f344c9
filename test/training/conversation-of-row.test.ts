import { describe, expect, it } from 'vitest';
import { conversationOfRow } from '../../activities/training/files/conversation-of-row.ts';
import type { RowMessage } from '../../schemas/dataset-row.ts';
import { calls, message, row } from './rows.ts';

const opening = [message('system', 'You solve issues.'), message('user', 'Fix it.')];
const ls = calls(['execute_bash', '{"command":"ls"}']);
const two = calls(['execute_bash', '{"command":"ls"}'], ['execute_bash', '{"command":"pwd"}']);

function read(trajectory: RowMessage[]) {
  return conversationOfRow(row({ trajectory }));
}

describe('a row as a conversation', () => {
  it('has its messages, tools and mode', () => {
    const reading = conversationOfRow(row());
    if (!reading.ok) throw new Error(reading.fault);
    const { messages, tools, mode } = reading.conversation;
    expect(mode).toBe('think');
    expect(tools.map((tool) => tool.function.name)).toEqual(['execute_bash']);
    expect(messages.map(({ role }) => role)).toEqual(['system', 'user', 'assistant', 'tool', 'assistant', 'tool', 'assistant']);
  });

  it('gives calls ids by order, and observations the ids of the calls that they answer', () => {
    const reading = read([
      ...opening,
      message('assistant', '', { tool_calls: two }),
      message('tool', 'a'),
      message('tool', 'b'),
      message('assistant', '', { tool_calls: ls }),
      message('tool', 'c'),
      message('assistant', 'done'),
    ]);
    if (!reading.ok) throw new Error(reading.fault);
    expect(
      reading.conversation.messages.flatMap((said) => (said.role === 'assistant' ? (said.tool_calls ?? []).map(({ id }) => id) : [])),
    ).toEqual(['call_1', 'call_2', 'call_3']);
    expect(reading.conversation.messages.flatMap((said) => (said.role === 'tool' ? [[said.tool_call_id, said.content]] : []))).toEqual([
      ['call_1', 'a'],
      ['call_2', 'b'],
      ['call_3', 'c'],
    ]);
  });

  it('has no key for reasoning that is not there, and none for calls', () => {
    const reading = read([...opening, message('assistant', 'hm', { reasoning_content: '', tool_calls: [] })]);
    if (!reading.ok) throw new Error(reading.fault);
    expect(Object.keys(reading.conversation.messages.at(-1) ?? {})).toEqual(['role', 'content']);
  });

  it('ends with a reply: the observation or nudge behind it is left out, its calls stay', () => {
    const reading = read([...opening, message('assistant', '', { tool_calls: ls }), message('tool', 'a'), message('user', 'go on')]);
    if (!reading.ok) throw new Error(reading.fault);
    expect(reading.conversation.messages).toHaveLength(3);
    expect(reading.conversation.messages.at(-1)).toMatchObject({ role: 'assistant', tool_calls: [{ id: 'call_1' }] });
  });

  it('writes arguments in the one form that templates show, without a change of their values', () => {
    const text = '{"n":9007199254740993, "x": 1.0,\n "2": "b", "1": "a"}';
    const reading = read([...opening, message('assistant', '', { tool_calls: calls(['f', text]) })]);
    if (!reading.ok) throw new Error(reading.fault);
    const shown = '{"n": 9007199254740993, "x": 1.0, "2": "b", "1": "a"}';
    expect(reading.conversation.messages.at(-1)).toMatchObject({ tool_calls: [{ function: { arguments: shown } }] });
  });

  it.each([
    ['no_assistant', opening],
    ['call_mismatch', [...opening, message('tool', 'a'), message('assistant', 'done')]],
    [
      'call_mismatch',
      [...opening, message('assistant', '', { tool_calls: ls }), message('tool', 'a'), message('tool', 'b'), message('assistant', 'done')],
    ],
    ['call_mismatch', [...opening, message('assistant', '', { tool_calls: two }), message('tool', 'a'), message('assistant', 'done')]],
    ['call_mismatch', [...opening, message('assistant', '', { tool_calls: ls }), message('user', 'go on'), message('assistant', 'done')]],
    ['bad_arguments', [...opening, message('assistant', '', { tool_calls: calls(['f', '{"a": ']) })]],
    ['bad_arguments', [...opening, message('assistant', '', { tool_calls: calls(['f', '["a"]']) })]],
    ['bad_arguments', [...opening, message('assistant', '', { tool_calls: calls(['f', 'null']) })]],
  ] as const)('is refused as %s', (fault, trajectory) => {
    expect(read([...trajectory])).toEqual({ ok: false, fault });
  });

  it('is refused for a tool that is no function', () => {
    expect(conversationOfRow(row({ tools: ['{"name": "x"}'] }))).toEqual({ ok: false, fault: 'bad_tools' });
    expect(conversationOfRow(row({ tools: ['{'] }))).toEqual({ ok: false, fault: 'bad_tools' });
  });

  it('is refused for reasoning in the mode without', () => {
    const { trajectory } = row();
    expect(conversationOfRow({ ...row({}, 'no_think'), trajectory })).toEqual({ ok: false, fault: 'reasoning_in_no_think' });
  });
});
