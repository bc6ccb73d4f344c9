import { beforeAll, describe, expect, it } from 'vitest';
import type { Conversation, Rendered } from '../../activities/rendering/conversation.ts';
import { withModeTrigger } from '../../activities/rendering/mode-trigger.ts';
import { renderConversation } from '../../activities/rendering/render-conversation.ts';
import { openStudentTokenizer, type StudentTokenizer } from '../../activities/rendering/student-tokenizer.ts';
import { textFaults } from '../../activities/rendering/text-faults.ts';
import { StudentBase } from '../../schemas/student.ts';
import { randomNumbers } from '../chaos/seeded.ts';
import { type PythonRow, renderWithPython, type Result } from '../rendering/python/render-with-python.ts';
import { randomConversation } from '../rendering/random-conversations.ts';

const conversations = Array.from({ length: 240 }, (_, index) => randomConversation(randomNumbers(index + 1)));
/** Numbers of a schema that JavaScript and Python write differently, in a row that is as long as rows get. */
const long: Conversation = {
  mode: 'think',
  tools: [
    { type: 'function', function: { name: 'wait', description: '', parameters: { properties: { s: { minimum: 1e-7, maximum: 1e21 } } } } },
  ],
  messages: conversations.slice(0, 80).flatMap(({ messages }) => messages.filter(({ role }) => role !== 'system')),
};
conversations.push(long);

let tokenizer: StudentTokenizer;
beforeAll(async () => {
  tokenizer = await openStudentTokenizer();
});

const trainingRow = (base: StudentBase, { messages, tools, mode }: Conversation): PythonRow => ({
  base,
  messages: withModeTrigger(messages, mode),
  tools,
  callArguments: 'canonical',
});

function held(result: Result | undefined): Exclude<Result, { error: string }> {
  if (result === undefined || 'error' in result) throw new Error(`no text: ${result?.error}`);
  return result;
}

describe.each(StudentBase.options)('a trajectory for %s', (base) => {
  it('has the text, the ids and the loss mask that Python gives', async () => {
    const results = await renderWithPython(conversations.map((conversation) => trainingRow(base, conversation)));
    expect(results).toHaveLength(conversations.length);
    let trainedTokens = 0;
    conversations.forEach((conversation, index) => {
      const { text, ids, mask } = held(results[index]);
      const rendered = renderConversation(base, conversation);
      const encoded = tokenizer.encode(rendered);
      expect(rendered.text, `conversation ${index}`).toBe(text);
      expect(encoded.ids, `conversation ${index}`).toEqual(ids);
      expect(encoded.mask, `conversation ${index}`).toEqual(mask);
      const counts = tokenizer.counts(rendered);
      expect(counts).toEqual({ tokens: ids.length, trained_tokens: mask?.filter((bit) => bit === 1).length });
      trainedTokens += counts.trained_tokens;
    });
    expect(trainedTokens).toBeGreaterThan(100_000);
  });

  it('reads the same with arguments as objects and reasoning in the field of servers', async () => {
    const rows = conversations.map(
      (conversation): PythonRow => ({ ...trainingRow(base, conversation), callArguments: 'object', reasoning: 'reasoning' }),
    );
    const results = await renderWithPython(rows);
    conversations.forEach((conversation, index) => {
      expect(held(results[index]).text, `conversation ${index}`).toBe(renderConversation(base, conversation).text);
    });
  });

  it('is refused by nothing in Python when its arguments are as the model wrote them', async () => {
    const results = await renderWithPython(
      conversations.map((conversation): PythonRow => ({ ...trainingRow(base, conversation), callArguments: 'as written' })),
    );
    expect(results.filter((result) => 'error' in result)).toEqual([]);
  });

  it('is asked for at every turn as it was trained', async () => {
    const turns = conversations.slice(0, 200).flatMap((conversation) => {
      const rendered = renderConversation(base, conversation);
      const at = conversation.messages.flatMap(({ role }, index) => (role === 'assistant' ? [index] : []));
      return at.map((index, turn) => ({ conversation, rendered, index, turn })).filter(({ turn }) => turn < 3 || turn === at.length - 1);
    });
    const results = await renderWithPython(
      turns.map(
        ({ conversation, index }): PythonRow => ({
          ...trainingRow(base, { ...conversation, messages: conversation.messages.slice(0, index) }),
          callArguments: 'object',
          reasoning: 'reasoning',
          add_generation_prompt: true,
        }),
      ),
    );
    let compared = 0;
    turns.forEach(({ conversation, rendered, index, turn }, number) => {
      const prompt = promptInTraining(base, conversation, index, held(results[number]).text);
      const [from, to] = rendered.trained[turn] ?? [0, 0];
      expect(rendered.text.slice(0, from), `turn ${number}`).toBe(prompt);
      expect(rendered.text.slice(to - '<|im_end|>'.length, to)).toBe('<|im_end|>');
      // Only white space with a line end shares a token with the line end of the header.
      if (/^\p{White_Space}*[\r\n]/u.test(rendered.text.slice(from, to))) return;
      compared += 1;
      expect(tokensAgree(rendered, from, to), `turn ${number}`).toBe(true);
    });
    expect(compared).toBeGreaterThan(turns.length * 0.9);
  });

  it('does not depend on the mode that a server is told beside the messages', async () => {
    if (base === 'thinking') return;
    const [conversation] = conversations;
    if (conversation === undefined) throw new Error('no conversation');
    const row: PythonRow = { ...trainingRow(base, conversation), add_generation_prompt: true };
    const [none, on, off] = await renderWithPython([row, { ...row, enable_thinking: true }, { ...row, enable_thinking: false }]);
    expect(on).toEqual(none);
    expect(off).toEqual(none);
  });
});

/**
 * The one difference: in mode think the prompt of the thinking base has opened the reasoning, also before a turn that was
 * recorded without.
 */
function promptInTraining(base: StudentBase, { mode, messages }: Conversation, index: number, prompt: string): string {
  const message = messages[index];
  const reasons = message?.role === 'assistant' && (message.reasoning_content ?? '').replace(/^\n+$/, '') !== '';
  if (base !== 'thinking') return prompt;
  expect(prompt.endsWith('<|im_start|>assistant\n<think>\n')).toBe(mode === 'think');
  return mode === 'think' && !reasons ? prompt.slice(0, -'<think>\n'.length) : prompt;
}

/** Whether prompt and turn, each for itself, have the ids of the whole. */
function tokensAgree({ text, trained }: Rendered, from: number, to: number): boolean {
  const whole = tokenizer.encode({ text: text.slice(0, to), trained });
  return whole.ids.join() === [...tokenizer.ids(text.slice(0, from)), ...tokenizer.ids(text.slice(from, to))].join();
}

describe('half a character', () => {
  it('is refused, by name and place', () => {
    const conversation: Conversation = {
      mode: 'think',
      tools: [],
      messages: [
        { role: 'user', content: 'x\ud83d' },
        { role: 'assistant', content: 'y' },
      ],
    };
    expect(() => renderConversation('coder', conversation)).toThrow(/half a character/);
    expect(textFaults('coder', conversation)).toMatchObject([{ reason: 'lone_surrogate', fate: 'dropped', message: 0, field: 'content' }]);
  });
});
