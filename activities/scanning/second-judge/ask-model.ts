import { createHash } from 'node:crypto';
import { z } from 'zod';
import type { Budget } from '../../../schemas/budget.ts';
import type { Teacher } from '../../../schemas/campaign.ts';
import type { Message } from '../../../schemas/message.ts';
import type { Mode } from '../../../schemas/names.ts';
import { Problem } from '../../../schemas/problem.ts';
import type { Exchange } from '../../../schemas/turn.ts';
import type { GatewayClient } from '../../model/gateway/client.ts';
import { requestBody } from '../../model/request-body.ts';
import { modeFits } from '../../model/thinking.ts';
import { responseFormat } from './question.ts';

export interface AskedModel {
  gateway: GatewayClient;
  /** Whose budget the questions count for at the gateway. */
  campaign: string;
  budget: Budget;
  /** Folder of journals, from which the gateway counts what was spent before. */
  journals: string;
  teacherName: string;
  teacher: Teacher;
}

/** Tokens of an answer: a verdict with its reason, and for a model that cannot but reason its reasoning before it. */
const answerTokens = { no_think: 600, think: 4_000 } as const;

/** A model that answers questions of the second judge, through the gateway that all requests of this host go through. */
export class QuestionedModel {
  readonly teacher: Teacher;
  readonly longestAnswer: number;
  readonly #asked: AskedModel;
  readonly #mode: Mode;
  /** The server refuses to be told the form of its answer. */
  #plain = false;

  constructor(asked: AskedModel) {
    this.#asked = asked;
    this.#mode = modeFits(asked.teacher, 'no_think') ? 'no_think' : 'think';
    const { max_tokens, max_completion_tokens } = asked.teacher.sampling;
    const own = max_completion_tokens ?? max_tokens;
    this.longestAnswer = typeof own === 'number' ? own : answerTokens[this.#mode];
    this.teacher = {
      ...asked.teacher,
      sampling: { temperature: 0, ...(own === undefined && { max_tokens: this.longestAnswer }), ...asked.teacher.sampling },
    };
  }

  /** Characters of the request that a question makes. */
  lengthOf(question: Message[]): number {
    return this.#body(question, true).length;
  }

  /**
   * The reply to a question, under a key that is its own for good: asked again, it is the same request. Throws the signal's
   * reason, or `Problem` with the code of what went wrong. `acknowledge` is called when the reply is kept.
   */
  async ask(key: string, question: Message[], signal: AbortSignal): Promise<{ exchange: Exchange; acknowledge: () => void }> {
    try {
      return await this.#send(key, question, !this.#plain, signal);
    } catch (error) {
      if (this.#plain || !(error instanceof Problem) || error.code !== 'teacher_rejected_request') throw error;
      const answered = await this.#send(key, question, false, signal);
      this.#plain = true;
      return answered;
    }
  }

  async #send(key: string, question: Message[], formatted: boolean, signal: AbortSignal) {
    const rollout = `second-judge/${key}${formatted ? '' : '/plain'}`;
    const { gateway, campaign, budget, journals, teacherName } = this.#asked;
    const body = Buffer.from(this.#body(question, formatted));
    const variable = this.teacher.api_key_env;
    const ask = {
      rollout,
      exchange: 0,
      request_sha256: createHash('sha256').update(body).digest('hex'),
      campaign,
      teacher_name: teacherName,
      teacher: this.teacher,
      mode: this.#mode,
      budget,
      journals,
      api_key: variable === undefined ? null : (gateway.key(variable) ?? null),
    };
    const outcome = await gateway
      .ask(
        ask,
        () => body,
        signal,
        () => undefined,
      )
      .catch(async (error: unknown) => {
        // Nobody waits any more: a server that answers at last is not to be asked for nothing again and again.
        if (signal.aborted) await gateway.cancel(rollout);
        throw error;
      });
    if (outcome.type === 'reply') return { exchange: outcome.exchange, acknowledge: () => gateway.acknowledge(rollout, ask.exchange) };
    if (outcome.type === 'ending') throw new Problem(outcome.kind, outcome.message);
    throw new Problem(outcome.code, outcome.message, outcome.hint === undefined ? {} : { hint: outcome.hint });
  }

  #body(question: Message[], formatted: boolean): string {
    const body = requestBody({ messages: question, tools: [] }, this.teacher, this.#mode);
    return formatted ? JSON.stringify({ ...Body.parse(JSON.parse(body)), response_format: responseFormat }) : body;
  }
}

const Body = z.record(z.string(), z.unknown());
