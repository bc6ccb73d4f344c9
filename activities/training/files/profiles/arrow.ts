import type { Message } from '../../../../schemas/message.ts';
import { bool, int32, list, string, struct } from '../../../tables/columns.ts';
import { factsOf, type LearnedRow, type Profile } from '../profile.ts';

const call = struct('element', string('id'), string('type'), struct('function', string('name'), string('arguments')));
const message = struct(
  'element',
  string('role'),
  string('content'),
  string('reasoning_content'),
  list('tool_calls', call),
  string('tool_call_id'),
);
const columns = [
  list('messages', message),
  list('tools', string('element')),
  string('instance_id'),
  string('trajectory_id'),
  string('mode'),
  bool('enable_thinking'),
  int32('n_tokens'),
  int32('n_trained_tokens'),
];

/** Rows held in memory for one batch. */
const rowsABatch = 32;

/** An Arrow stream with the columns of `automodel`: every message has every field, null where it has none; each tool is a JSON string. */
export const arrow: Profile = {
  suffix: '.arrow',
  describes: 'Arrow IPC stream, uncompressed: for loaders of your own; fields that a message lacks are null',
  async open() {
    const { ArrowStream } = await import('../../../tables/arrow-stream.ts');
    const stream = new ArrowStream(columns);
    let held: object[] = [];
    const batch = () => {
      const rows = held;
      held = [];
      return rows.length === 0 ? [] : stream.batch(rows);
    };
    return {
      add(row) {
        held.push(columnsOf(row));
        return held.length < rowsABatch ? [] : batch();
      },
      end: () => [...batch(), ...stream.end()],
    };
  },
};

function columnsOf(row: LearnedRow): object {
  const { messages, tools } = row.conversation;
  return { messages: messages.map(fieldsOf), tools: tools.map((tool) => JSON.stringify(tool)), ...factsOf(row) };
}

function fieldsOf(said: Message): object {
  const { reasoning_content = null, tool_calls = null } = said.role === 'assistant' ? said : {};
  return {
    role: said.role,
    content: said.content,
    reasoning_content,
    tool_calls,
    tool_call_id: said.role === 'tool' ? said.tool_call_id : null,
  };
}
