import type { ToolDefinition } from '../../../schemas/message.ts';
import { argumentsText, shapeOf } from '../loose-calls.ts';
import { type LooseCall, type LooseMessage, looseMessage } from '../loose-message.ts';
import { at, numberOf, textOf } from '../loose-values.ts';
import { replyMessage } from '../message-list.ts';
import type { Oddities } from '../oddities.ts';
import { readTools } from '../tool-definitions.ts';

/** Events of the machinery around the conversation. */
const entriesBesideMessages = new Set(
  'recall agent_state_changed change_agent_state null loop_recovery condensation condensation_request initialize start pause resume stop'.split(
    ' ',
  ),
);

/**
 * OpenHands V0 events as messages. A reply is taken from the model's own response, once for all the events that it
 * led to; a result from the observation, with what the event keeps apart put back: prefix, suffix, exit code. Events from before
 * 0.10 hold beside `action` what later ones hold under `args`, and no source.
 */
export function readEvents(events: unknown[], oddities: Oddities): LooseMessage[] {
  const responses = new Set<string>();
  const messages: LooseMessage[] = [];
  for (const [index, event] of events.entries()) {
    const kind = textOf(at(event, 'action')) ?? textOf(at(event, 'observation')) ?? '';
    if (entriesBesideMessages.has(kind)) continue;
    if (textOf(at(event, 'observation')) !== null) {
      messages.push(observed(event, kind, oddities));
      continue;
    }
    const response = at(event, 'tool_call_metadata', 'model_response');
    const reply = replyMessage(response);
    if (kind === 'system') messages.push(looseMessage('system', textOf(argument(event, 'content')) ?? ''));
    else if (reply !== null) {
      const id = textOf(at(response, 'id')) ?? textOf(at(event, 'tool_call_metadata', 'tool_call_id')) ?? '';
      if (!responses.has(id)) messages.push(reply.calls.length > 0 || kind === 'message' ? reply : withCall(reply, callOf(event, kind)));
      responses.add(id);
    } else if (kind === 'message') messages.push(looseMessage(speakerOf(event, messages.at(-1)), textOf(argument(event, 'content')) ?? ''));
    else messages.push(...rebuilt(event, kind, index, oddities));
  }
  return messages;
}

function withCall(reply: LooseMessage, call: LooseCall | null): LooseMessage {
  return call === null ? reply : { ...reply, calls: [call] };
}

/** A field of an event, also of one that has no `args`. */
function argument(event: unknown, key: string): unknown {
  return at(event, 'args', key) ?? at(event, key);
}

/** Where events name no source the user speaks first, and after an agent that asked nothing of its tools. */
function speakerOf(event: unknown, before: LooseMessage | undefined): 'user' | 'assistant' {
  const source = textOf(at(event, 'source'));
  if (source !== null) return source === 'user' ? 'user' : 'assistant';
  return before === undefined || before.role === 'system' || (before.role === 'assistant' && before.calls.length === 0)
    ? 'user'
    : 'assistant';
}

function rebuilt(event: unknown, kind: string, index: number, oddities: Oddities): LooseMessage[] {
  const call = callOf(event, kind);
  if (call === null) {
    oddities.lose(
      kind === '' ? 'message' : 'call',
      kind === '' ? `no event (${shapeOf(event)})` : `an action ${JSON.stringify(kind)} that is not known`,
      index,
    );
    return [];
  }
  oddities.note('calls rebuilt from events, since the reply itself is not kept');
  return [looseMessage('assistant', textOf(argument(event, 'thought')) ?? '', { calls: [call] })];
}

export function toolsOfEvents(events: unknown[], oddities: Oddities): ToolDefinition[] {
  const system = events.find((event) => at(event, 'action') === 'system');
  return readTools(at(system, 'args', 'tools'), oddities);
}

function observed(event: unknown, kind: string, oddities: Oddities): LooseMessage {
  const call = textOf(at(event, 'tool_call_metadata', 'tool_call_id'));
  const content = resultText(event);
  if (call === null && kind === 'error') oddities.note('replies whose calls could not be read are not on record, only the errors');
  // A call that could not be read has no event of its own: the model gets it as a user message.
  const flat = at(event, 'source') === undefined && at(event, 'extras') === undefined;
  if (call === null && (kind === 'error' || (numberOf(at(event, 'cause')) === null && !flat))) return looseMessage('user', content);
  return looseMessage('tool', content, { answers: call });
}

function resultText(event: unknown): string {
  const metadata = at(event, 'extras', 'metadata');
  const text = [at(metadata, 'prefix'), at(event, 'content'), at(metadata, 'suffix')].map((part) => textOf(part) ?? '').join('');
  const exitCode = numberOf(at(metadata, 'exit_code')) ?? numberOf(at(event, 'extras', 'exit_code')) ?? numberOf(at(event, 'exit_code'));
  return exitCode === null || exitCode === -1 || /exit code/.test(textOf(at(metadata, 'suffix')) ?? '')
    ? text
    : `${text}\n[exit code ${exitCode}]`;
}

/** The call that an action came from, where its reply is missing. */
function callOf(event: unknown, kind: string): LooseCall | null {
  const given = (key: string) => argument(event, key);
  const call = (name: string, values: Record<string, unknown>): LooseCall => ({ id: null, name, arguments: JSON.stringify(values) });
  switch (kind) {
    case 'run':
      return call('execute_bash', { command: given('command') });
    case 'run_ipython':
      return call('execute_ipython_cell', { code: given('code') });
    case 'read':
      return call('str_replace_editor', { command: 'view', path: given('path') });
    case 'edit':
    case 'write':
      return call('str_replace_editor', {
        command: given('command') ?? 'create',
        path: given('path'),
        file_text: given('file_text') ?? given('content'),
        old_str: given('old_str') ?? undefined,
        new_str: given('new_str') ?? undefined,
      });
    case 'think':
      return call('think', { thought: given('thought') });
    case 'finish':
    case 'reject':
      return call(kind, { message: given('final_thought') ?? at(given('outputs'), 'content') });
    case 'browse':
      return call('browse', { url: given('url') });
    case 'browse_interactive':
      return call('browser', { code: given('browser_actions') });
    case 'call_tool_mcp':
      return { id: null, name: textOf(given('name')) ?? '', arguments: argumentsText(given('arguments')) };
    case 'delegate':
      return call('delegate', { agent: given('agent'), inputs: given('inputs') });
    case 'task_tracking':
      return call('task_tracker', { command: given('command'), task_list: given('task_list') });
    default:
      return null;
  }
}
