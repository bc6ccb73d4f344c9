import { describe, expect, it } from 'vitest';
import { requestBody } from '../../activities/model/request-body.ts';
import { checkMode } from '../../activities/model/thinking.ts';
import { Teacher } from '../../schemas/campaign.ts';
import type { Message } from '../../schemas/message.ts';
import type { Mode } from '../../schemas/names.ts';

const messages: Message[] = [
  { role: 'system', content: 'Be good.' },
  { role: 'user', content: 'Fix it.' },
  {
    role: 'assistant',
    content: 'Looking.',
    reasoning_content: 'Where is it?',
    tool_calls: [{ id: 'a', type: 'function', function: { name: 'execute_bash', arguments: '{' } }],
  },
  { role: 'tool', content: 'file.c', tool_call_id: 'a' },
];

function body(profile: object, mode: Mode = 'think') {
  const teacher = Teacher.parse({ model: 'm', base_url: 'http://127.0.0.1/v1', ...profile });
  return JSON.parse(requestBody({ messages, tools: [] }, teacher, mode));
}

describe('a request body', () => {
  it.each([
    ['reasoning_content', { role: 'assistant', content: 'Looking.', reasoning_content: 'Where is it?' }],
    ['reasoning', { role: 'assistant', content: 'Looking.', reasoning: 'Where is it?' }],
    ['both_fields', { role: 'assistant', content: 'Looking.', reasoning_content: 'Where is it?', reasoning: 'Where is it?' }],
    [
      'reasoning_details',
      { role: 'assistant', content: 'Looking.', reasoning_details: [{ type: 'reasoning.text', text: 'Where is it?' }] },
    ],
    ['thinking_blocks', { role: 'assistant', content: 'Looking.', thinking_blocks: [{ type: 'thinking', thinking: 'Where is it?' }] }],
    [
      'thinking_parts',
      {
        role: 'assistant',
        content: [
          { type: 'thinking', thinking: [{ type: 'text', text: 'Where is it?' }] },
          { type: 'text', text: 'Looking.' },
        ],
      },
    ],
    ['inline', { role: 'assistant', content: '<think>\nWhere is it?\n</think>\n\nLooking.' }],
    ['none', { role: 'assistant', content: 'Looking.' }],
  ])('sends earlier reasoning back as %s', (resend, expected) => {
    const { tool_calls, ...message } = body({ thinking: { resend } }).messages[2];
    expect(message).toEqual(expected);
    expect(tool_calls).toEqual([{ id: 'a', type: 'function', function: { name: 'execute_bash', arguments: '{' } }]);
  });

  it.each([
    ['think', true],
    ['no_think', false],
  ] as const)('says %s at the top level of the body', (mode, enable_thinking) => {
    expect(body({}, mode)).toMatchObject({ chat_template_kwargs: { enable_thinking } });
  });

  it.each([
    ['think', 'Fix it.\n\n/think'],
    ['no_think', 'Fix it.\n\n/no_think'],
  ] as const)('says %s at the end of the first user message where the profile wants that', (mode, content) => {
    const sent = body({ thinking: { control: 'suffix' } }, mode);
    expect(sent.messages[1].content).toBe(content);
    expect(sent).not.toHaveProperty('chat_template_kwargs');
    const both = body({ thinking: { control: 'suffix_and_kwargs' } }, mode);
    expect(both.messages[1].content).toBe(content);
    expect(both).toMatchObject({ chat_template_kwargs: { enable_thinking: mode === 'think' } });
  });

  it.each(['', ' \n'])('sends an object for the arguments %j', (sent) => {
    const call = { id: 'a', type: 'function' as const, function: { name: 'submit', arguments: sent } };
    const teacher = Teacher.parse({ model: 'm', base_url: 'http://127.0.0.1/v1' });
    const parsed = JSON.parse(
      requestBody({ messages: [{ role: 'assistant', content: '', tool_calls: [call] }], tools: [] }, teacher, 'think'),
    );
    expect(parsed.messages[0].tool_calls[0].function.arguments).toBe('{}');
  });

  it('holds no half of a surrogate pair, in no field, and leaves all other text alone', () => {
    const call = { id: 'a', type: 'function' as const, function: { name: 'bash', arguments: '{"command":"\\ud83d"}' } };
    const odd: Message[] = [
      { role: 'user', content: 'a\ud83d \\ud83d C:\\udata \ud83d\ude00' },
      { role: 'assistant', content: '\ude00b', reasoning_content: 'c\ud83d', tool_calls: [call] },
      { role: 'tool', content: '\ud83d\ud83d', tool_call_id: 'a' },
    ];
    const teacher = Teacher.parse({ model: 'm', base_url: 'http://127.0.0.1/v1' });
    const { messages: sent } = JSON.parse(requestBody({ messages: odd, tools: [] }, teacher, 'think'));
    expect(sent[0].content).toBe('a\ufffd \\ud83d C:\\udata \ud83d\ude00');
    expect(sent[1]).toMatchObject({ content: '\ufffdb', reasoning_content: 'c\ufffd' });
    expect(JSON.parse(sent[1].tool_calls[0].function.arguments)).toEqual({ command: '\ufffd' });
    expect(sent[2].content).toBe('\ufffd\ufffd');
  });

  it('passes sampling on as it is, leaves out empty tools, and asks for usage in streams alone', () => {
    expect(body({ sampling: { top_k: 20, min_p: 0.1 } })).toMatchObject({ top_k: 20, min_p: 0.1, stream_options: { include_usage: true } });
    expect(body({})).not.toHaveProperty('tools');
    expect(body({ streaming: false })).not.toHaveProperty('stream_options');
  });
});

describe('the mode of a rollout', () => {
  const always = Teacher.parse({ model: 'm', base_url: 'http://127.0.0.1/v1', thinking: { control: 'always' } });
  const never = Teacher.parse({ model: 'p', base_url: 'http://127.0.0.1/v1', thinking: { control: 'never' } });

  it('is refused where the teacher cannot produce it', () => {
    expect(() => checkMode('minimax', always, 'no_think')).toThrow(/cannot produce mode no_think/);
    expect(() => checkMode('plain', never, 'think')).toThrow(/cannot produce mode think/);
  });

  it('is accepted where it can', () => {
    expect(() => checkMode('minimax', always, 'think')).not.toThrow();
    expect(() => checkMode('plain', never, 'no_think')).not.toThrow();
  });
});
