import { describe, expect, it } from 'vitest';
import { EarlierReasoning } from '../../activities/model/earlier-reasoning.ts';
import { requestBody } from '../../activities/model/request-body.ts';
import { ReplyAssembly } from '../../activities/model/answer/reply-assembly.ts';
import { Teacher } from '../../schemas/campaign.ts';
import type { Message } from '../../schemas/message.ts';
import { Reply } from '../../schemas/turn.ts';

const teacher = (resend?: string) =>
  Teacher.parse({ model: 'm', base_url: 'http://127.0.0.1/v1', ...(resend && { thinking: { resend } }) });

/** A reply as it is put together from one whole answer. */
function received(message: object): Reply {
  const assembly = new ReplyAssembly();
  assembly.add({ choices: [{ message: { role: 'assistant', ...message }, finish_reason: 'stop' }] });
  return assembly.finish(0, 'think', 'm').reply;
}

/** The assistant message of the reply as the next request has it. */
function sentBack(replies: Reply[], resend?: string): Record<string, unknown>[] {
  const profile = teacher(resend);
  const earlier = new EarlierReasoning(profile);
  const messages: Message[] = replies.map(({ content, reasoning_content }) => ({
    role: 'assistant',
    content,
    ...(reasoning_content !== undefined && { reasoning_content }),
  }));
  for (const reply of replies) earlier.note(reply);
  const body: { messages: Record<string, unknown>[] } = JSON.parse(requestBody({ messages, tools: [] }, profile, 'think', earlier));
  return body.messages.map(({ role: _role, ...rest }) => rest);
}

describe('earlier reasoning goes back', () => {
  it.each([
    ['reasoning_content', { content: 'hi', reasoning_content: 'Hm.' }],
    ['reasoning', { content: 'hi', reasoning: 'Hm.' }],
    ['both fields', { content: 'hi', reasoning_content: 'Hm.', reasoning: 'Hm.' }],
    ['tags in the content', { content: '<think>\nHm.\n</think>\n\nhi' }],
  ])('as the server sent it: %s', (_, message) => {
    expect(sentBack([received(message)])).toEqual([message]);
  });

  it('with the tag that the server had in its prompt', () => {
    expect(sentBack([received({ content: 'Hm.\n</think>\n\nhi' })])).toEqual([{ content: '<think>\nHm.\n</think>\n\nhi' }]);
  });

  it('all of it as the server sends it now, after an update in the middle of a rollout', () => {
    const replies = [
      received({ content: 'a', reasoning_content: 'One.' }),
      received({ content: 'b', reasoning: 'Two.' }),
      received({ content: 'c' }),
    ];
    expect(sentBack(replies)).toEqual([{ content: 'a', reasoning: 'One.' }, { content: 'b', reasoning: 'Two.' }, { content: 'c' }]);
  });

  it('as reasoning_content where an earlier version wrote the journal', () => {
    const { reasoning_form: _form, ...before } = received({ content: 'a', reasoning: 'One.' });
    expect(sentBack([Reply.parse(before)])).toEqual([{ content: 'a', reasoning_content: 'One.' }]);
  });

  it('as the profile says where it says so', () => {
    expect(sentBack([received({ content: 'a', reasoning: 'One.' })], 'reasoning_content')).toEqual([
      { content: 'a', reasoning_content: 'One.' },
    ]);
    expect(sentBack([received({ content: 'a', reasoning: 'One.' })], 'none')).toEqual([{ content: 'a' }]);
  });
});
