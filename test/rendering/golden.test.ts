import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { renderConversation } from '../../activities/rendering/render-conversation.ts';
import { openStudentTokenizer } from '../../activities/rendering/student-tokenizer.ts';
import { Message, ToolDefinition } from '../../schemas/message.ts';
import { Mode } from '../../schemas/names.ts';
import { StudentBase } from '../../schemas/student.ts';

const Golden = z.object({
  conversations: z.array(z.object({ messages: z.array(Message), tools: z.array(ToolDefinition), mode: Mode })),
  rendered: z.array(z.object({ base: StudentBase, conversation: z.int(), text: z.string(), ids: z.array(z.int()), mask: z.string() })),
});
const golden = Golden.parse(JSON.parse(readFileSync(join(import.meta.dirname, 'python/golden.json'), 'utf8')));
const tokenizer = await openStudentTokenizer();

describe('what Python once gave for a conversation', () => {
  it.each(golden.rendered)(
    'is its text, ids and loss mask: $base, conversation $conversation',
    ({ base, conversation, text, ids, mask }) => {
      const given = golden.conversations[conversation];
      if (given === undefined) throw new Error(`no conversation ${conversation}`);
      const rendered = renderConversation(base, given);
      expect(rendered.text).toBe(text);
      const encoded = tokenizer.encode(rendered);
      expect(encoded.ids).toEqual(ids);
      expect(encoded.mask.join('')).toBe(mask);
      expect(mask).toMatch(/01/);
    },
  );
});
