import { messageOf } from '../../schemas/problem.ts';
import type { StudentBase } from '../../schemas/student.ts';
import { canonicalArguments } from './canonical-arguments.ts';
import { controlTokenPattern } from './control-tokens.ts';
import type { Conversation } from './conversation.ts';
import { mayHoldControlToken } from './harmless-text.ts';

/**
 * Something in a conversation that a student must not read or learn as it stands:
 * - `control_token`: text that reads as a token of the chat format. In what others say (prompts, tools, observations) the
 *   template shows it with a backslash after its `<`, in training and serving alike, so it is only counted. In what the
 *   assistant says the student would learn to break its own turn off: the row is left out.
 * - `call_markup`: an argument that holds the end of an argument in the calls of the Coder; nobody could read the call back.
 * - `arguments`: a call whose arguments are not a JSON object; servers refuse it.
 * - `lone_surrogate`: half a character, which has no bytes.
 */
export interface TextFault {
  reason: 'control_token' | 'call_markup' | 'arguments' | 'lone_surrogate';
  fate: 'escaped' | 'dropped';
  /** The message's index; -1 is the tool list. */
  message: number;
  field: 'tools' | 'content' | 'reasoning_content' | 'tool_calls';
  /** The token or markup; what is wrong with arguments. */
  found: string;
  /** Times that it stands there. */
  count: number;
}

/** Everything of that kind in a conversation, in order. With a fault that is `dropped` the row is no training row. */
export function textFaults(base: StudentBase, { messages, tools }: Conversation): TextFault[] {
  const faults = tools.flatMap((tool) => inText(JSON.stringify(tool), { message: -1, field: 'tools', fate: 'escaped' }));
  messages.forEach((message, index) => {
    const fate = message.role === 'assistant' ? 'dropped' : 'escaped';
    faults.push(...inText(message.content, { message: index, field: 'content', fate }));
    if (message.role !== 'assistant') return;
    faults.push(...inText(message.reasoning_content ?? '', { message: index, field: 'reasoning_content', fate }));
    for (const { function: called } of message.tool_calls ?? []) {
      const place: Place = { message: index, field: 'tool_calls', fate };
      faults.push(...inText(called.name, place), ...inArguments(base, called.arguments, place));
    }
  });
  return faults;
}

type Place = Pick<TextFault, 'message' | 'field' | 'fate'>;

function inText(text: string, place: Place): TextFault[] {
  const faults: TextFault[] = text.isWellFormed()
    ? []
    : [{ ...place, fate: 'dropped', reason: 'lone_surrogate', found: 'half a character', count: 1 }];
  if (!mayHoldControlToken(text)) return faults;
  return [...faults, ...counted(text.match(controlTokenPattern()) ?? [], 'control_token', place)];
}

function inArguments(base: StudentBase, text: string, place: Place): TextFault[] {
  try {
    const canonical = canonicalArguments(text);
    // In JSON a half character stands as an escape.
    const shown = /\\u[dD]/.test(canonical) ? `${canonical}${halfCharacters(canonical)}` : canonical;
    const markup = base === 'coder' && shown.includes('</') ? (shown.match(/<\/(?:parameter|function)>/g) ?? []) : [];
    return [...inText(shown, place), ...counted(markup, 'call_markup', place)];
  } catch (error) {
    return [{ ...place, reason: 'arguments', found: messageOf(error), count: 1 }];
  }
}

function halfCharacters(json: string): string {
  return /(?<!\\)(?:\\\\)*\\u[dD][89a-fA-F]/.test(json) ? '\ud800' : '';
}

function counted(found: readonly string[], reason: TextFault['reason'], place: Place): TextFault[] {
  const counts = new Map<string, number>();
  for (const text of found) counts.set(text, (counts.get(text) ?? 0) + 1);
  return [...counts].map(([text, count]) => ({ ...place, reason, found: text, count }));
}
