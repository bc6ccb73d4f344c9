import { sweAgentEnding } from '../endings.ts';
import { unifiedMessages, type Draft, type Origin, type RecordFormat } from '../format.ts';
import { type LooseMessage, looseMessage } from '../loose-message.ts';
import { at, fieldsOf, listOf, numberOf, textOf, unfolded } from '../loose-values.ts';
import { readMessages } from '../message-list.ts';
import { Oddities } from '../oddities.ts';
import { reasoningEffortIn } from '../reasoning-effort.ts';
import { withSpokenCalls } from '../spoken-calls.ts';
import { readSpoken } from '../spoken/read-spoken.ts';
import { readTools } from '../tool-definitions.ts';
import { usageOf } from '../usage.ts';

/** SWE-agent's `.traj`, 0.x and 1.x: one trajectory, or one for each of a retrying agent's `attempts`. */
export const sweAgent: RecordFormat = {
  id: 'sweagent',
  detect(value) {
    const file = fieldsOf(value);
    return isRun(file) || isRun(listOf(file['attempts'])[0]);
  },
  read(value, origin): Draft[] {
    const attempts = listOf(at(value, 'attempts'));
    const inner = attempts.filter(isRun);
    if (inner.length === 0) return [readRun(value, value, origin, '')];
    return inner.map((attempt, index) => readRun(attempt, value, origin, inner.length === 1 ? '' : `#${index + 1}`));
  },
};

function isRun(value: unknown): boolean {
  const run = fieldsOf(value);
  const item = fieldsOf(listOf(run['history'])[0]);
  const step = fieldsOf(listOf(run['trajectory'])[0]);
  return ('role' in item && !('event' in item)) || ('action' in step && 'observation' in step && 'thought' in step);
}

function readRun(run: unknown, file: unknown, origin: Origin, suffix: string): Draft {
  const oddities = new Oddities();
  const info = fieldsOf(at(run, 'info'));
  const replay = unfolded(at(file, 'replay_config'));
  const status = textOf(info['exit_status']);
  const history = listOf(at(run, 'history'));
  const steps = listOf(at(run, 'trajectory'));
  const messages = history.length > 0 ? fromHistory(history, status, oddities) : fromSteps(steps, oddities);
  countRequeries(steps, messages, status, oddities);
  const instance = instanceOf(file, replay, origin);
  return {
    ...(instance === null ? {} : { id: `${instance}${suffix}` }),
    instance_id: instance,
    repo: textOf(at(replay, 'env', 'repo', 'github_url')) ?? textOf(at(replay, 'env', 'repo', 'repo_name')),
    base_commit: textOf(at(replay, 'env', 'repo', 'base_commit')),
    harness: 'sweagent',
    model: textOf(at(replay, 'agent', 'model', 'name')) ?? textOf(at(replay, 'agent', 'model', 'model_name')),
    reasoning_effort: reasoningEffortIn(at(replay, 'agent', 'model', 'completion_kwargs'), at(replay, 'agent', 'model')),
    messages: unifiedMessages(messages, oddities),
    // Only forks that also keep the reasoning write the tools down.
    tools: readTools(at(run, 'tools') ?? at(file, 'tools'), oddities),
    ending: sweAgentEnding(status, { calls: numberOf(at(info, 'model_stats', 'api_calls')), callLimit: callLimit(replay) }, oddities),
    exit_status: status,
    usage: usageOf({
      cost_usd: at(info, 'model_stats', 'instance_cost'),
      calls: at(info, 'model_stats', 'api_calls'),
      prompt_tokens: at(info, 'model_stats', 'tokens_sent'),
      completion_tokens: at(info, 'model_stats', 'tokens_received'),
    }),
    model_patch: typeof info['submission'] === 'string' ? info['submission'] : null,
    oddities,
  };
}

function callLimit(replay: unknown): number | null {
  return numberOf(at(replay, 'agent', 'model', 'per_instance_call_limit'));
}

/** What the model saw and said, without demonstrations and without what a limit appended. */
function fromHistory(history: unknown[], status: string | null, oddities: Oddities): LooseMessage[] {
  const own = history.filter((item) => at(item, 'is_demo') !== true && at(item, 'message_type') !== 'demonstration');
  if (own.length < history.length) oddities.note(`demonstrations left out: ${history.length - own.length} messages`);
  const tail = syntheticTail(own, status);
  if (tail > 0) oddities.note('what the harness says after a limit is left out');
  const kept = own.slice(0, own.length - tail);
  const commands = new Map<LooseMessage, string>();
  const messages = kept.flatMap((item, index) => {
    const read = readMessages([item], oddities, index);
    const command = textOf(at(item, 'action'));
    for (const message of read) if (message.role === 'assistant' && command !== null) commands.set(message, command);
    return read;
  });
  return commands.size === 0 ? readSpoken(messages) : withSpokenCalls(messages, (message) => commands.get(message) ?? null);
}

/** After a limit the harness itself writes an assistant message and the answer to it. */
function syntheticTail(history: unknown[], status: string | null): number {
  if (status === null || status === 'submitted') return 0;
  const last = history.findLastIndex((item) => at(item, 'role') === 'assistant');
  if (last < history.length - 2) return 0;
  const item = history[last];
  const action = textOf(at(item, 'action'))?.trim() ?? '';
  const spoken = listOf(at(item, 'tool_calls')).length > 0 || (action !== '' && !action.startsWith('exit_'));
  return spoken ? 0 : history.length - last;
}

/** A file that was cut before its history: the steps hold replies and results, though not the prompts. */
function fromSteps(steps: unknown[], oddities: Oddities): LooseMessage[] {
  oddities.note('there is no history: read from the steps, without prompts');
  return steps.flatMap((step) => {
    const command = textOf(at(step, 'action'));
    const reply = looseMessage('assistant', textOf(at(step, 'response')) ?? textOf(at(step, 'thought')) ?? '');
    if (command === null) return [reply];
    return withSpokenCalls([reply, looseMessage('user', textOf(at(step, 'observation')) ?? '')], () => command);
  });
}

/** Replies that were asked for again are steps, but are not in the history. The step by which the harness ends a run at a limit is none. */
function countRequeries(steps: unknown[], messages: LooseMessage[], status: string | null, oddities: Oddities): void {
  const replies = messages.filter(({ role }) => role === 'assistant').length;
  const ended = status !== null && status !== 'submitted' && textOf(at(steps.at(-1), 'action'))?.startsWith('exit_') === true ? 1 : 0;
  const real = steps.filter((step) => textOf(at(step, 'action')) !== null || textOf(at(step, 'response')) !== null).length - ended;
  if (steps.length > 0 && real > replies) oddities.note(`replies that were asked for again and are not in the history: ${real - replies}`);
}

/** `environment` is the id, except for single runs, where it is a fixed word. */
function instanceOf(file: unknown, replay: unknown, { path }: Origin): string | null {
  const environment = textOf(at(file, 'environment'));
  if (environment !== null && environment !== 'main' && environment !== 'swe_main') return environment;
  return textOf(at(replay, 'problem_statement', 'id')) ?? /([^/\\]+)\.traj$/.exec(path)?.[1] ?? null;
}
