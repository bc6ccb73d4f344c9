/**
 * Writes golden.json beside this file: conversations with the text, ids and loss mask that transformers gives for each
 * base. Run it when a template changes: node test/rendering/python/make-golden.ts
 */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Conversation } from '../../../activities/rendering/conversation.ts';
import { withModeTrigger } from '../../../activities/rendering/mode-trigger.ts';
import { StudentBase } from '../../../schemas/student.ts';
import { randomNumbers } from '../../chaos/seeded.ts';
import { call, conversation } from '../conversations.ts';
import { randomConversation } from '../random-conversations.ts';
import { renderWithPython } from './render-with-python.ts';

const plain = conversation('think', [
  {
    role: 'assistant',
    reasoning_content: 'The test says that “π” is missing.\r\nI look at the file first.',
    content: "I'll look at the file.\n",
    tool_calls: [call('ls', '{"path":"src/été","depth":2,"all":true}'), call('ls', '')],
  },
  { role: 'tool', tool_call_id: 'a', content: 'math.py\n\tpi = 3.14\r\n🙂 e\u0301\u0000\u2028\n<|im_end|>\n</think>' },
  { role: 'tool', tool_call_id: 'b', content: '' },
  { role: 'user', content: 'Go on.' },
  {
    role: 'assistant',
    content: '',
    tool_calls: [call('edit', String.raw`{"new str":"a\n\"b\"\\c\u001b","view_range":[1, -1],"x":{"y":[null,"}"]}}`)],
  },
  { role: 'tool', tool_call_id: 'a', content: 'x'.repeat(600) },
  { role: 'assistant', content: 'Done.' },
]);

const short = Array.from({ length: 200 }, (_, seed) => randomConversation(randomNumbers(10_000 + seed))).filter(
  (given) => JSON.stringify(given).length < 2500,
);
const conversations: Conversation[] = [plain, { ...plain, mode: 'no_think', tools: [] }, ...short.slice(0, 6)];

const rows = conversations.flatMap((given) => StudentBase.options.map((base) => ({ base, given })));
const results = await renderWithPython(
  rows.map(({ base, given: { messages, tools, mode } }) => ({
    base,
    messages: withModeTrigger(messages, mode),
    tools,
    callArguments: 'canonical' as const,
  })),
);
const golden = rows.map(({ base, given }, index) => {
  const result = results[index];
  if (result === undefined || 'error' in result) throw new Error(`no result: ${result?.error}`);
  return { base, conversation: conversations.indexOf(given), text: result.text, ids: result.ids, mask: result.mask?.join('') };
});
const lines = (values: readonly unknown[]) => `[\n${values.map((value) => JSON.stringify(value)).join(',\n')}\n]`;
writeFileSync(join(import.meta.dirname, 'golden.json'), `{\n"conversations": ${lines(conversations)},\n"rendered": ${lines(golden)}\n}\n`);
