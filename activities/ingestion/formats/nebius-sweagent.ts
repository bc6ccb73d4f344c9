import { sweAgentEnding } from '../endings.ts';
import { unifiedMessages, type Draft, type RecordFormat } from '../format.ts';
import { looseMessage } from '../loose-message.ts';
import { at, fieldsOf, listOf, textOf } from '../loose-values.ts';
import { Oddities } from '../oddities.ts';
import { fencedCommands, withSpokenCalls } from '../spoken-calls.ts';

/** Rows of nebius/SWE-agent-trajectories: steps of `role` and `text`; the command is the last fenced block of a reply. */
export const nebiusSweAgent: RecordFormat = {
  id: 'nebius-sweagent',
  detect(value) {
    const step = fieldsOf(listOf(at(value, 'trajectory'))[0]);
    return (
      'role' in step && ('text' in step || 'system_prompt' in step) && ('generated_patch' in fieldsOf(value) || 'target' in fieldsOf(value))
    );
  },
  read(value): Draft[] {
    const row = fieldsOf(value);
    const oddities = new Oddities();
    const messages = listOf(row['trajectory']).flatMap((item, index) => {
      const step = fieldsOf(item);
      const text = textOf(step['text']) ?? '';
      if (step['role'] === 'system') return looseMessage('system', textOf(step['system_prompt']) ?? text);
      if (step['role'] === 'user') return looseMessage('user', text);
      if (step['role'] === 'ai') return looseMessage('assistant', text);
      oddities.lose('message', `no message: role ${JSON.stringify(step['role'] ?? null)} is not known`, index);
      return [];
    });
    const spoken = withSpokenCalls(messages, ({ content }) => fencedCommands(content, ['', 'bash', 'sh']).at(-1) ?? null);
    return [
      {
        instance_id: textOf(row['instance_id']),
        harness: 'sweagent',
        model: textOf(row['model_name']),
        messages: unifiedMessages(spoken, oddities),
        ending: sweAgentEnding(textOf(row['exit_status']), { calls: null, callLimit: null }, oddities),
        exit_status: textOf(row['exit_status']),
        model_patch: typeof row['generated_patch'] === 'string' ? row['generated_patch'] : null,
        resolved: typeof row['target'] === 'boolean' ? (row['target'] ? 1 : 0) : null,
        oddities,
      },
    ];
  },
};
