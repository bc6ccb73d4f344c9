import { Resolved } from '../../../schemas/verdict.ts';
import { anyEnding } from '../endings.ts';
import { unifiedMessages, type Draft, type RecordFormat } from '../format.ts';
import { fieldsOf, listOf, numberOf, textOf, unfolded } from '../loose-values.ts';
import { isMessageList, readMessages } from '../message-list.ts';
import { Oddities } from '../oddities.ts';
import { readTools } from '../tool-definitions.ts';

/**
 * Plain OpenAI messages: a bare list, or an object with `messages`, `trajectory` or `conversations` (a list, or one
 * as a JSON string) and perhaps `tools`, with whatever else it says under the usual names.
 */
export const openAi: RecordFormat = {
  id: 'openai',
  detect: (value) => isMessageList(messagesOf(value)),
  read(value): Draft[] {
    const row = Array.isArray(value) ? {} : fieldsOf(value);
    const oddities = new Oddities();
    const { resolved } = row;
    return [
      {
        id: textOf(row['trajectory_id']) ?? textOf(row['traj_id']) ?? textOf(row['id']) ?? '',
        instance_id: textOf(row['instance_id']),
        repo: textOf(row['repo']),
        base_commit: textOf(row['base_commit']),
        harness: textOf(row['harness']),
        model: textOf(row['model']) ?? textOf(row['model_name']),
        messages: unifiedMessages(readMessages(listOf(messagesOf(value)), oddities), oddities),
        tools: readTools(row['tools'], oddities),
        ending: anyEnding(textOf(row['exit_status']), oddities),
        model_patch: textOf(row['model_patch']) ?? textOf(row['patch']),
        resolved: typeof resolved === 'boolean' ? (resolved ? 1 : 0) : (Resolved.safeParse(numberOf(resolved)).data ?? null),
        oddities,
      },
    ];
  },
};

function messagesOf(value: unknown): unknown {
  if (Array.isArray(value)) return value;
  const fields = fieldsOf(value);
  return unfolded(fields['messages'] ?? fields['trajectory'] ?? fields['conversations'] ?? fields['conversation']);
}
