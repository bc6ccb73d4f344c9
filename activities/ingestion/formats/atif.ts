import { anyEnding } from '../endings.ts';
import { unifiedMessages, type Draft, type RecordFormat } from '../format.ts';
import { readCalls } from '../loose-calls.ts';
import { type LooseMessage, looseMessage } from '../loose-message.ts';
import { readContent } from '../loose-parts.ts';
import { at, fieldsOf, listOf, textOf } from '../loose-values.ts';
import { Oddities } from '../oddities.ts';
import { reasoningEffortIn } from '../reasoning-effort.ts';
import { readSpoken } from '../spoken/read-spoken.ts';
import { readTools } from '../tool-definitions.ts';
import { requestUsage, summedUsage, usageOf } from '../usage.ts';

/** The Agent Trajectory Interchange Format, up to 1.8: steps with calls and their results; sub-agents come as trajectories of their own. */
export const atif: RecordFormat = {
  id: 'atif',
  detect: (value) => textOf(at(value, 'schema_version'))?.startsWith('ATIF-') === true,
  read: (value) => [readDocument(value), ...listOf(at(value, 'subagent_trajectories')).map(readDocument)],
};

function readDocument(document: unknown): Draft {
  const oddities = new Oddities();
  const steps = listOf(at(document, 'steps'));
  const copied = steps.filter((step) => at(step, 'is_copied_context') === true).length;
  if (copied > 0) oddities.note(`steps copied from an earlier trajectory as context: ${copied}`);
  const extra = at(document, 'extra');
  const messages = steps.flatMap((step, index) => readStep(step, index, oddities));
  return {
    id: textOf(at(document, 'trajectory_id')) ?? textOf(at(document, 'session_id')) ?? '',
    instance_id: textOf(at(extra, 'instance_id')),
    harness: textOf(at(document, 'agent', 'name')),
    model: textOf(at(document, 'agent', 'model_name')),
    reasoning_effort: reasoningEffortIn(at(document, 'agent', 'extra'), at(document, 'agent')),
    messages: unifiedMessages(messages.some(({ calls }) => calls.length > 0) ? messages : readSpoken(messages), oddities),
    tools: readTools(at(document, 'agent', 'tool_definitions'), oddities),
    ending: anyEnding(textOf(at(extra, 'exit_status')), oddities),
    exit_status: textOf(at(extra, 'exit_status')),
    usage: usageIn(document, steps),
    oddities,
  };
}

/** The sums of the document, else those of its steps. */
function usageIn(document: unknown, steps: unknown[]): NonNullable<Draft['usage']> | null {
  const final = fieldsOf(at(document, 'final_metrics'));
  const parts = steps.map((step) => {
    const metrics = at(step, 'metrics');
    return usageOf({ ...requestUsage(metrics), cost_usd: at(metrics, 'cost_usd') });
  });
  const sum = summedUsage(parts);
  return usageOf({
    ...sum,
    cost_usd: final['total_cost_usd'] ?? sum?.cost_usd,
    prompt_tokens: final['total_prompt_tokens'] ?? sum?.prompt_tokens,
    completion_tokens: final['total_completion_tokens'] ?? sum?.completion_tokens,
    cached_tokens: final['total_cached_tokens'] ?? sum?.cached_tokens,
  });
}

function readStep(value: unknown, index: number, oddities: Oddities): LooseMessage[] {
  const step = fieldsOf(value);
  const { text, dropped } = readContent(step['message']);
  const results = listOf(at(step['observation'], 'results'));
  if (step['source'] !== 'agent') {
    const role = step['source'] === 'system' && index === 0 ? 'system' : 'user';
    return [
      looseMessage(role, text, { dropped }),
      ...results.map((result) => looseMessage('user', readContent(at(result, 'content')).text)),
    ].filter(({ content }, position) => position === 0 || content !== '');
  }
  const { calls, lost } = readCalls(step['tool_calls']);
  const reply = looseMessage('assistant', text, { reasoning: textOf(step['reasoning_content']) ?? '', calls, dropped, lost });
  const answers = results.map((result) => {
    const { text: content, dropped: parts } = readContent(at(result, 'content'));
    const source = textOf(at(result, 'source_call_id'));
    if (listOf(at(result, 'subagent_trajectory_ref')).length > 0) oddities.note('results that refer to another trajectory', index);
    return looseMessage(source !== null || calls.length > 0 ? 'tool' : 'user', content, { answers: source, dropped: parts });
  });
  return [reply, ...answers];
}
