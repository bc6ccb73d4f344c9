import { createHash } from 'node:crypto';
import type { Journal } from '../../activities/journal/journal.ts';
import { ModelEnding, type ModelRequest, type ModelSession } from '../../activities/model/contract.ts';
import { requestBody } from '../../activities/model/request-body.ts';
import { Teacher } from '../../schemas/campaign.ts';
import type { Message, ToolCall } from '../../schemas/message.ts';
import type { Exchange, Reply } from '../../schemas/turn.ts';

/** The profile that scripted rollouts are asked for by. */
export const scriptedTeacher = Teacher.parse({ model: 'scripted', base_url: 'http://127.0.0.1/v1' });

/** One scripted reply, or the model's refusal. */
export type Scripted = Partial<Reply> | ModelEnding;

/** A session whose model says scripted things in turn; like the real one it journals each exchange under its request's hash and never asks twice. */
export class ScriptedSession implements ModelSession {
  readonly asked: ModelRequest[] = [];
  readonly #journal: Journal;
  readonly #script: Scripted[];

  constructor(journal: Journal, script: Scripted[]) {
    this.#journal = journal;
    this.#script = script;
  }

  async exchange(request: ModelRequest): Promise<Exchange> {
    const request_sha256 = createHash('sha256')
      .update(requestBody(request, scriptedTeacher, 'think'))
      .digest('hex');
    const known = this.#journal.exchange(request.exchange);
    if (known !== undefined) {
      if (known.request_sha256 !== request_sha256) throw new Error(`exchange ${request.exchange} asks for something else than before`);
      return known;
    }
    this.asked.push(structuredClone(request));
    const scripted = this.#script[request.exchange];
    if (scripted === undefined) throw new Error(`the script has no reply ${request.exchange}`);
    if (scripted instanceof ModelEnding) throw scripted;
    const exchange = {
      reply: { content: '', tool_calls: [], finish_reason: 'tool_calls' as const, model: 'scripted', ...scripted },
      usage: { prompt_tokens: 10, completion_tokens: 2 },
      cost_usd: 0.25,
      latency_ms: 1,
    };
    await this.#journal.append({ type: 'exchange', at: 0, exchange: request.exchange, turn: request.turn, request_sha256, ...exchange });
    return exchange;
  }
}

let calls = 0;

/** A tool call; arguments that are a string go out as they are. */
export function call(name: string, given: Record<string, unknown> | string): ToolCall {
  calls += 1;
  return {
    id: `call_${calls}`,
    type: 'function',
    function: { name, arguments: typeof given === 'string' ? given : JSON.stringify(given) },
  };
}

export function calling(name: string, given: Record<string, unknown> | string, content = ''): Partial<Reply> {
  return { content, tool_calls: [call(name, given)] };
}

export function texts(messages: Message[], role: Message['role']): string[] {
  return messages.filter((message) => message.role === role).map((message) => message.content);
}
