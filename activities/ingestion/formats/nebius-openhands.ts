import { Resolved } from '../../../schemas/verdict.ts';
import { anyEnding } from '../endings.ts';
import { conversationOf, type Draft, type RecordFormat } from '../format.ts';
import { fieldsOf, listOf, numberOf, textOf } from '../loose-values.ts';
import { isMessageList, readMessages } from '../message-list.ts';
import { Oddities } from '../oddities.ts';
import { readTools } from '../tool-definitions.ts';

/** Rows of nebius/SWE-rebench-openhands-trajectories: calls with ids, tools as objects, `exit_status`. */
export const nebiusOpenHands: RecordFormat = {
  id: 'nebius-openhands',
  detect(value) {
    const row = fieldsOf(value);
    return 'exit_status' in row && ('gen_tests_correct' in row || 'pred_passes_gen_tests' in row) && isMessageList(row['trajectory']);
  },
  read(value): Draft[] {
    const row = fieldsOf(value);
    const oddities = new Oddities();
    return [
      {
        id: textOf(row['trajectory_id']) ?? '',
        instance_id: textOf(row['instance_id']),
        repo: textOf(row['repo']),
        harness: 'openhands',
        messages: conversationOf(readMessages(listOf(row['trajectory']), oddities), oddities),
        tools: readTools(row['tools'], oddities),
        ending: anyEnding(textOf(row['exit_status']), oddities),
        model_patch: typeof row['model_patch'] === 'string' ? row['model_patch'] : null,
        resolved: Resolved.safeParse(numberOf(row['resolved'])).data ?? null,
        oddities,
      },
    ];
  },
};
