import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Conversation } from '../../activities/rendering/conversation.ts';
import { projectRoot } from '../../platform/home.ts';
import type { Message, ToolDefinition } from '../../schemas/message.ts';
import { randomNumbers } from '../chaos/seeded.ts';

/**
 * Conversations of the size and make of published rows: 220 KB, 60 turns, sources and documents of this checkout in the
 * place of observations and edits. The same for the same seed and checkout.
 */
export function* longConversations(count: number, seed = 1): Generator<Conversation> {
  const random = randomNumbers(seed);
  const files = globSync(
    [
      '{activities,cli,client,docs,infra,test,workflows}/**/*.{ts,md,py}',
      'node_modules/{zod,commander,yaml,openai,undici}/**/*.{ts,js,md}',
    ],
    {
      cwd: projectRoot,
    },
  ).toSorted();
  const excerpt = (length: number): string => {
    const text = readFileSync(join(projectRoot, files[Math.floor(random() * files.length)] ?? 'README.md'), 'utf8');
    const from = Math.floor(random() * Math.max(1, text.length - length));
    return text
      .slice(from, from + length)
      .replaceAll('<|', '< |')
      .replaceAll(/<(?=\/?(?:think|tool_))/g, '< ')
      .toWellFormed();
  };
  for (let index = 0; index < count; index += 1)
    yield { mode: index % 2 === 0 ? 'think' : 'no_think', tools, messages: [...messagesOf(excerpt, index % 2 === 0)] };
}

function* messagesOf(excerpt: (length: number) => string, thinks: boolean): Generator<Message> {
  yield { role: 'system', content: 'You are an agent that mends code in a repository, step by step, and checks what it did. '.repeat(60) };
  yield { role: 'user', content: excerpt(3000) };
  for (let turn = 0; turn < 60; turn += 1) {
    const id = `call-${turn}`;
    const text = JSON.stringify({
      command: 'str_replace',
      path: `/app/src/module_${turn}.py`,
      old_str: excerpt(250),
      new_str: excerpt(300),
    });
    yield {
      role: 'assistant',
      content: excerpt(150),
      ...(thinks ? { reasoning_content: excerpt(500) || 'So.' } : {}),
      tool_calls: [{ id, type: 'function', function: { name: 'str_replace_editor', arguments: text } }],
    };
    yield { role: 'tool', tool_call_id: id, content: excerpt(2400) };
  }
  yield { role: 'assistant', content: 'Done.' };
}

const tools: ToolDefinition[] = ['execute_bash', 'str_replace_editor', 'finish'].map((name) => ({
  type: 'function',
  function: {
    name,
    description: `${name}: works on the repository. `.repeat(40),
    parameters: {
      type: 'object',
      properties: { command: { type: 'string', description: 'What to do. '.repeat(10) }, path: { type: 'string' } },
      required: ['command'],
    },
  },
}));
