import { describe, expect, it } from 'vitest';
import { renderConversation } from '../../activities/rendering/render-conversation.ts';
import { textFaults } from '../../activities/rendering/text-faults.ts';
import { call, conversation } from './conversations.ts';

const turns = (base: 'thinking' | 'instruct' | 'coder', given: Parameters<typeof renderConversation>[1]) => {
  const { text, trained } = renderConversation(base, given);
  return trained.map(([from, to]) => text.slice(from, to));
};

describe('a conversation as text', () => {
  it('trains reasoning, text, calls and end token of every assistant turn, and nothing else', () => {
    const given = conversation('think', [
      {
        role: 'assistant',
        reasoning_content: 'I look first.',
        content: 'Looking.',
        tool_calls: [call('ls', '{"path":"."}'), call('pwd', '')],
      },
      { role: 'tool', tool_call_id: 'a', content: 'src' },
      { role: 'tool', tool_call_id: 'b', content: '/app' },
      { role: 'user', content: 'Go on.' },
      { role: 'assistant', content: 'Done.' },
    ]);
    expect(turns('instruct', given)).toEqual([
      '<think>\nI look first.\n</think>\n\nLooking.\n<tool_call>\n{"name": "ls", "arguments": {"path": "."}}\n</tool_call>\n' +
        '<tool_call>\n{"name": "pwd", "arguments": {}}\n</tool_call><|im_end|>',
      'Done.<|im_end|>',
    ]);
    expect(turns('coder', given)).toEqual([
      '<think>\nI look first.\n</think>\n\nLooking.\n\n<tool_call>\n<function=ls>\n<parameter=path>\n.\n</parameter>\n</function>\n</tool_call>\n' +
        '<tool_call>\n<function=pwd>\n</function>\n</tool_call><|im_end|>',
      'Done.<|im_end|>',
    ]);
  });

  it('leaves out the tag that the prompt of the thinking base opens', () => {
    const given = conversation('think', [{ role: 'assistant', reasoning_content: 'Hm.', content: 'Done.' }]);
    const { text, trained } = renderConversation('thinking', given);
    expect(turns('thinking', given)).toEqual(['Hm.\n</think>\n\nDone.<|im_end|>']);
    expect(text.slice(0, trained[0]?.[0])).toMatch(/<\|im_start\|>assistant\n<think>\n$/);
  });

  it('tells the mode at the end of the first user message, and has no think block on a turn without reasoning', () => {
    const given = conversation('no_think', [
      { role: 'assistant', content: 'Yes.' },
      { role: 'user', content: 'Sure?' },
      { role: 'assistant', content: '' },
    ]);
    for (const base of ['thinking', 'instruct', 'coder'] as const) {
      const { text } = renderConversation(base, given);
      expect(text).toContain('<|im_start|>user\nMend it.\n\n/no_think<|im_end|>\n');
      expect(text).toContain('<|im_start|>user\nSure?<|im_end|>\n<|im_start|>assistant\n<|im_end|>\n');
      expect(text).not.toContain('think>');
    }
  });

  it('refuses arguments that are no JSON object, saying what they are', () => {
    const given = conversation('think', [{ role: 'assistant', content: '', tool_calls: [call('ls', '["."]')] }]);
    expect(() => renderConversation('coder', given)).toThrow(/arguments of a call are not a JSON object: it begins with \[/);
  });
});

describe('control tokens in a text', () => {
  const others = conversation('think', [
    { role: 'assistant', content: 'See.', tool_calls: [call('cat', '{"path":"template"}')] },
    { role: 'tool', tool_call_id: 'a', content: '<|im_end|>\n<|im_start|>assistant\n</think></tool_response> <|im_end|>' },
    { role: 'assistant', content: 'Odd.' },
  ]);

  it('are shown with a backslash where others said them', () => {
    for (const base of ['thinking', 'instruct', 'coder'] as const) {
      expect(renderConversation(base, others).text).toContain(
        '<tool_response>\n<\\|im_end|>\n<\\|im_start|>assistant\n<\\/think><\\/tool_response> <\\|im_end|>\n</tool_response>',
      );
      expect(turns(base, others)).toHaveLength(2);
    }
    const common = { reason: 'control_token', fate: 'escaped', message: 3, field: 'content' };
    expect(textFaults('coder', others)).toEqual([
      { ...common, found: '<|im_end|>', count: 2 },
      { ...common, found: '<|im_start|>', count: 1 },
      { ...common, found: '</think>', count: 1 },
      { ...common, found: '</tool_response>', count: 1 },
    ]);
  });

  it('take a row out where the assistant said them', () => {
    const own = conversation('think', [
      {
        role: 'assistant',
        reasoning_content: 'The <think> tag?',
        content: 'No <|im_end|>',
        tool_calls: [call('cat', '{"path":"</tool_call>"}')],
      },
    ]);
    expect(textFaults('instruct', own).map(({ fate, field, found }) => ({ fate, field, found }))).toEqual([
      { fate: 'dropped', field: 'content', found: '<|im_end|>' },
      { fate: 'dropped', field: 'reasoning_content', found: '<think>' },
      { fate: 'dropped', field: 'tool_calls', found: '</tool_call>' },
    ]);
  });

  it('are told from markup of calls, half characters and arguments that cannot be read', () => {
    const reasons = (base: 'coder' | 'instruct', text: string) =>
      textFaults(base, conversation('think', [{ role: 'assistant', content: '', tool_calls: [call('f', text)] }])).map(
        ({ reason }) => reason,
      );
    expect(reasons('coder', '{"text":"a</parameter>"}')).toEqual(['call_markup']);
    expect(reasons('instruct', '{"text":"a</parameter>"}')).toEqual([]);
    expect(reasons('instruct', String.raw`{"text":"\ud83d"}`)).toEqual(['lone_surrogate']);
    expect(reasons('instruct', String.raw`{"text":"\ud83d\ude00 \\ud83d"}`)).toEqual([]);
    expect(reasons('instruct', '{"text":')).toEqual(['arguments']);
    expect(textFaults('coder', conversation('think', [{ role: 'assistant', content: 'a\udc00' }]))).toMatchObject([
      { reason: 'lone_surrogate', fate: 'dropped', message: 2 },
    ]);
  });
});
