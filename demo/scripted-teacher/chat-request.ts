import { z } from 'zod';
import { checkKeyPrefix } from '../../activities/model/check/check-key.ts';
import type { HarnessName } from '../../schemas/names.ts';

const Part = z.looseObject({ text: z.string().optional() });

/** What the scripted teacher reads of a chat-completions request. */
export const ChatRequest = z.looseObject({
  model: z.string(),
  messages: z.array(z.looseObject({ role: z.string(), content: z.union([z.string(), z.array(Part)]).nullish() })).min(1),
  tools: z.array(z.looseObject({ function: z.looseObject({ name: z.string() }) })).nullish(),
  stream: z.boolean().nullish(),
  stream_options: z.looseObject({ include_usage: z.boolean().nullish() }).nullish(),
  chat_template_kwargs: z.looseObject({ enable_thinking: z.boolean().nullish() }).nullish(),
});
export type ChatRequest = z.infer<typeof ChatRequest>;
type ChatMessage = ChatRequest['messages'][number];

/** Everything a script may be chosen by. */
export interface Asked {
  model: string;
  thinking: boolean;
  harness: HarnessName | undefined;
  tools: string[];
  /** System and first user message: they name the task. */
  opening: string;
  headers: Record<string, string>;
  /** The turn to answer, from 0. */
  turn: number;
  assistantMessages: number;
}

/** Reads a request; `thinkingByDefault` holds where the request does not say. */
export function readRequest(request: ChatRequest, headers: Record<string, string>, thinkingByDefault: boolean): Asked {
  const tools = (request.tools ?? []).map((tool) => tool.function.name);
  const assistantMessages = request.messages.filter((message) => message.role === 'assistant').length;
  const firstUser = request.messages.find((message) => message.role === 'user');
  const system = request.messages.find((message) => message.role === 'system');
  return {
    model: request.model,
    thinking: thinkingOf(request, textOf(firstUser)) ?? modeOfCheck(headers['idempotency-key']) ?? thinkingByDefault,
    harness: harnessOf(tools),
    tools,
    opening: `${textOf(system)}\n${textOf(firstUser)}`,
    headers,
    turn: exchangeOf(headers['idempotency-key']) ?? assistantMessages,
    assistantMessages,
  };
}

function thinkingOf(request: ChatRequest, firstUser: string): boolean | undefined {
  const asked = request.chat_template_kwargs?.enable_thinking;
  if (typeof asked === 'boolean') return asked;
  const suffix = /\/(no_)?think\s*$/.exec(firstUser);
  return suffix === null ? undefined : suffix[1] === undefined;
}

/** A check of a teacher that always reasons, or never, does not ask for either; its key ends in mode and exchange. */
function modeOfCheck(key: string | undefined): boolean | undefined {
  const mode = key?.startsWith(checkKeyPrefix) === true ? /\/((?:no_)?think)\/\d+$/.exec(key)?.[1] : undefined;
  return mode === undefined ? undefined : mode === 'think';
}

function harnessOf(tools: readonly string[]): HarnessName | undefined {
  if (tools.includes('execute_bash')) return 'openhands';
  return tools.includes('bash') && tools.includes('submit') ? 'sweagent' : undefined;
}

/**
 * Tracemill's key ends in the number of the exchange. It is the better count: a reply that a harness could not
 * use is paid for, but may never enter the history whose assistant messages would be counted instead.
 */
function exchangeOf(key: string | undefined): number | undefined {
  const digits = /\/(\d{1,9})$/.exec(key ?? '')?.[1];
  return digits === undefined ? undefined : Number(digits);
}

function textOf(message: ChatMessage | undefined): string {
  const content = message?.content ?? '';
  return typeof content === 'string' ? content : content.map((part) => part.text ?? '').join('');
}
