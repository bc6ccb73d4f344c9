import { unfolded } from '../loose-values.ts';
import type { LooseCall, LooseLoss, LooseMessage } from '../loose-message.ts';
import { isAct } from '../closing-calls.ts';
import { fencedCommands, spokenCall } from '../spoken-calls.ts';
import { markedCalls } from './marked-calls.ts';
import { isMarkedResult, resultsIn } from './results.ts';

/** Words behind a fence that make a block a command. */
const shells = ['', 'bash', 'sh', 'shell', 'zsh', 'console', 'shell-session', 'terminal', 'mswea_bash_command'];

/**
 * A conversation in which calls may stand in the text of replies, as one with calls and results. It goes reply by reply:
 *
 * - A reply that makes calls by the API has said what it runs. What its text says in marks beside them was not run: the same
 *   call again is no second one, and another one is lost, since nobody knows what became of it. Its fenced blocks are prose.
 * - Marks that stand for calls and nothing else (tags, a model's own tokens) are calls in every other reply. In fences and
 *   backticks they are code that is talked about, unless nothing in the conversation is called in another way.
 * - A fenced block of shell is a command where that is how the conversation gives commands: nothing is called in another way, but
 *   to end or to talk, or more replies give a block and get an answer. Elsewhere it is an example, unless what follows is
 *   marked as a result.
 *
 * A command that stands in a field of its own beside the text counts where nothing else does. The message after such a reply is its
 * result, also where the user says it; after a call of the API where it is marked as one.
 */
export function readSpoken(messages: LooseMessage[]): LooseMessage[] {
  const replies = messages.filter(({ role }) => role === 'assistant');
  const bringsResult = (message: LooseMessage, index: number) =>
    message.role === 'user' && messages[index - 1]?.role === 'assistant' && isMarkedResult(message.content);
  if (!replies.some(({ content, aside }) => aside !== null || mayHold.test(content)) && !messages.some(bringsResult)) return messages;
  const called = replies.filter(({ calls }) => calls.some(isAct)).length;
  const marked = new Map(replies.map((reply) => [reply, markedIn(reply, called === 0)]));
  const rivals = called + [...marked.values()].filter(({ calls }) => calls.some(isAct)).length;
  const fenced = new Map(replies.map((reply) => [reply, marked.get(reply)?.calls.length === 0 ? fencedIn(reply) : []]));
  const answered = messages.filter((message, index) => (fenced.get(message)?.length ?? 0) > 0 && isAnswer(messages[index + 1])).length;
  const usual = rivals === 0 || answered > rivals;
  let waiting = false;
  return messages.flatMap((message, index) => {
    if (message.role === 'assistant') {
      const { calls, lost, rest } = marked.get(message) ?? { calls: [], lost: [], rest: message.content };
      const next = messages[index + 1];
      const isResult = next !== undefined && (next.role === 'tool' || isMarkedResult(next.content));
      const blocks = usual || isResult ? (fenced.get(message) ?? []) : [];
      const found = [...message.calls, ...calls, ...blocks];
      if (found.length === 0 && message.aside !== null) found.push(spokenCall(message.aside));
      waiting = found.length > message.calls.length || (found.length > 0 && isResult);
      if (found.length === message.calls.length && lost.length === 0) return [message];
      return [{ ...message, content: rest, calls: found, lost: [...message.lost, ...lost] }];
    }
    const result = waiting && message.role === 'user';
    waiting = false;
    return result ? resultsIn(message) : [message];
  });
}

/** Signs without which a text holds no call. */
const mayHold = /[<[`{]|^Action:/m;

function isAnswer(message: LooseMessage | undefined): boolean {
  return message?.role === 'user' || message?.role === 'tool';
}

function fencedIn({ calls, content }: LooseMessage): LooseCall[] {
  if (calls.length > 0 || !content.includes('```')) return [];
  return fencedCommands(content, shells, true).flatMap((block) => (block.trim() === '' ? [] : spokenCall(withoutPrompts(block))));
}

/** What was typed, where a block also shows the prompt and what came back. */
function withoutPrompts(block: string): string {
  const typed = block.split('\n').flatMap((line) => /^\s*\$ (.*)/.exec(line)?.[1] ?? []);
  return typed.length === 0 ? block : typed.join('\n');
}

interface Marked {
  calls: LooseCall[];
  lost: LooseLoss[];
  rest: string;
}

function markedIn({ calls: made, content }: LooseMessage, alone: boolean): Marked {
  if (!mayHold.test(content)) return { calls: [], lost: [], rest: content };
  const plain = markedCalls(content, { quotes: false });
  const { calls, unread, rest } = alone && plain.calls.length === 0 ? markedCalls(content, { quotes: true }) : plain;
  const lost = Array.from({ length: unread }, (): LooseLoss => ({ what: 'call', reason: 'a call in the text that cannot be read' }));
  if (made.length === 0) return { calls, lost, rest };
  const others = calls.filter((call) => !made.some((one) => isSame(one, call)));
  const unsaid = others.map(({ name }): LooseLoss => ({ what: 'call', reason: `a call of ${name} in the text beside calls of the API` }));
  return { calls: [], lost: [...lost, ...unsaid], rest: content };
}

/** Whether a call in the text is what the API's call says. */
function isSame(made: LooseCall, said: LooseCall): boolean {
  const [one, other] = [made, said].map((call) => JSON.stringify(unfolded(call.arguments)));
  if (one === other) return true;
  const values = Object.values(Object(unfolded(said.arguments))).filter((value) => typeof value === 'string' && value !== '');
  return values.length > 0 && values.every((value) => one?.includes(JSON.stringify(value)) === true);
}
