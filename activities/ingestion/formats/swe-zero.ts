import { conversationOf, type Draft, type RecordFormat } from '../format.ts';
import { fieldsOf, listOf, textOf } from '../loose-values.ts';
import { isMessageList, readMessages } from '../message-list.ts';
import { Oddities } from '../oddities.ts';
import { readTools } from '../tool-definitions.ts';

/** Rows of nvidia/SWE-Zero-openhands-trajectories: nothing was run, so that there is neither verdict nor ending. */
export const sweZero: RecordFormat = {
  id: 'swe-zero',
  detect(value) {
    const row = fieldsOf(value);
    return 'dataset' in row && 'trajectory_id' in row && 'model_patch' in row && !('resolved' in row) && isMessageList(row['trajectory']);
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
        model_patch: typeof row['model_patch'] === 'string' ? row['model_patch'] : null,
        oddities,
      },
    ];
  },
};
