import type { Message } from '../../../../schemas/message.ts';
import { version } from '../../../../platform/version.ts';
import { factsOf, jsonLines, type LearnedRow } from '../profile.ts';

/** One document of the Agent Trajectory Interchange Format a line, with the fields of its version 1.7. */
export const atif = jsonLines('ATIF, as Harbor uses it: one trajectory document a line', (row) => {
  const { harness, teacher, trajectory_id, conversation, counts } = row;
  const head = JSON.stringify({
    schema_version: 'ATIF-v1.7',
    session_id: trajectory_id,
    trajectory_id,
    agent: { name: harness, version, model_name: teacher, tool_definitions: conversation.tools },
  });
  const steps = stepsOf(conversation.messages);
  const tail = JSON.stringify({ final_metrics: { total_steps: steps.length, extra: { n_tokens: counts.tokens } }, extra: factsOf(row) });
  return `${head.slice(0, -1)},"steps":[${steps.join(',')}],${tail.slice(1)}`;
});

/** Steps as JSON texts: one for each message, with observations inside the step whose calls they answer. */
function stepsOf(messages: LearnedRow['conversation']['messages']): string[] {
  const steps: { message: Exclude<Message, { role: 'tool' }>; results: string[] }[] = [];
  for (const message of messages) {
    if (message.role !== 'tool') steps.push({ message, results: [] });
    else steps.at(-1)?.results.push(JSON.stringify({ source_call_id: message.tool_call_id, content: message.content }));
  }
  return steps.map(({ message, results }, index) => {
    const source = message.role === 'assistant' ? 'agent' : message.role;
    const reasoning =
      message.role === 'assistant' && message.reasoning_content !== undefined ? { reasoning_content: message.reasoning_content } : {};
    const calls = message.role === 'assistant' ? (message.tool_calls ?? []) : [];
    const fields = [JSON.stringify({ step_id: index + 1, source, message: message.content, ...reasoning }).slice(1, -1)];
    // Arguments are objects here; their text is taken as it is, so that no number changes.
    const called = calls.map(
      ({ id, function: { name, arguments: text } }) =>
        `{"tool_call_id":${JSON.stringify(id)},"function_name":${JSON.stringify(name)},"arguments":${text}}`,
    );
    if (called.length > 0) fields.push(`"tool_calls":[${called.join(',')}]`);
    if (results.length > 0) fields.push(`"observation":{"results":[${results.join(',')}]}`);
    return `{${fields.join(',')}}`;
  });
}
