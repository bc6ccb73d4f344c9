import type { ToolDefinition } from '../../../schemas/message.ts';
import { type LooseCall, type LooseMessage, looseMessage } from '../loose-message.ts';
import { at, numberOf, textOf } from '../loose-values.ts';
import { replyMessage } from '../message-list.ts';
import type { Oddities } from '../oddities.ts';
import { readTools } from '../tool-definitions.ts';

/** Events of the machinery around the conversation. */
const entriesBesideMessages = new Set(['recall', 'agent_state_changed', 'change_agent_state', 'null', 'loop_recovery']);

/**
 * OpenHands V0 events as messages. A reply is taken from the model's own response, once for all the events that it
 * led to; a result from the observation, with what the event keeps apart put back: prefix, suffix, exit code.
 */
export function readEvents(events: unknown[], oddities: Oddities): LooseMessage[] {
  const responses = new Set<string>();
  return events.flatMap((event) => {
    const kind = textOf(at(event, 'action')) ?? textOf(at(event, 'observation')) ?? '';
    if (entriesBesideMessages.has(kind)) return [];
    if (textOf(at(event, 'observation')) !== null) return [observed(event, kind, oddities)];
    if (kind === 'system') return [looseMessage('system', textOf(at(event, 'args', 'content')) ?? '')];
    const response = at(event, 'tool_call_metadata', 'model_response');
    const reply = replyMessage(response);
    if (reply !== null) {
      const id = textOf(at(response, 'id')) ?? textOf(at(event, 'tool_call_metadata', 'tool_call_id')) ?? '';
      if (responses.has(id)) return [];
      responses.add(id);
      return [reply];
    }
    if (kind === 'message')
      return [looseMessage(at(event, 'source') === 'user' ? 'user' : 'assistant', textOf(at(event, 'args', 'content')) ?? '')];
    const call = callOf(event, kind);
    if (call === null) {
      oddities.note(`events that are no message are left out: ${kind}`);
      return [];
    }
    oddities.note('calls rebuilt from events, since the reply itself is not kept');
    return [looseMessage('assistant', textOf(at(event, 'args', 'thought')) ?? '', { calls: [call] })];
  });
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
  if (call === null && (kind === 'error' || numberOf(at(event, 'cause')) === null)) return looseMessage('user', content);
  return looseMessage('tool', content, { answers: call });
}

function resultText(event: unknown): string {
  const metadata = at(event, 'extras', 'metadata');
  const text = [at(metadata, 'prefix'), at(event, 'content'), at(metadata, 'suffix')].map((part) => textOf(part) ?? '').join('');
  const exitCode = numberOf(at(metadata, 'exit_code')) ?? numberOf(at(event, 'extras', 'exit_code'));
  return exitCode === null || exitCode === -1 || /exit code/.test(textOf(at(metadata, 'suffix')) ?? '')
    ? text
    : `${text}\n[exit code ${exitCode}]`;
}

/** The call that an action came from, where its reply is missing. */
function callOf(event: unknown, kind: string): LooseCall | null {
  const args = at(event, 'args');
  const call = (name: string, values: Record<string, unknown>): LooseCall => ({ id: null, name, arguments: JSON.stringify(values) });
  switch (kind) {
    case 'run':
      return call('execute_bash', { command: at(args, 'command') });
    case 'run_ipython':
      return call('execute_ipython_cell', { code: at(args, 'code') });
    case 'read':
      return call('str_replace_editor', { command: 'view', path: at(args, 'path') });
    case 'edit':
    case 'write':
      return call('str_replace_editor', {
        command: at(args, 'command') ?? 'create',
        path: at(args, 'path'),
        file_text: at(args, 'file_text') ?? at(args, 'content'),
        old_str: at(args, 'old_str') ?? undefined,
        new_str: at(args, 'new_str') ?? undefined,
      });
    case 'think':
      return call('think', { thought: at(args, 'thought') });
    case 'finish':
      return call('finish', { message: at(args, 'final_thought') });
    case 'browse':
      return call('browse', { url: at(args, 'url') });
    case 'browse_interactive':
      return call('browser', { code: at(args, 'browser_actions') });
    default:
      return null;
  }
}
