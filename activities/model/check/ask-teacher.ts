import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { Redactor } from '../../../platform/redactor.ts';
import type { Teacher } from '../../../schemas/campaign.ts';
import type { Mode } from '../../../schemas/names.ts';
import { Problem } from '../../../schemas/problem.ts';
import type { TeacherCheck } from '../../../schemas/teacher-check.ts';
import type { Exchange } from '../../../schemas/turn.ts';
import { failureOf, TeacherClients } from '../gateway/teacher-request.ts';
import { retryDelayMs } from '../retry.ts';
import { classifyFailure, type Failure } from '../failure/classify-failure.ts';
import { checkKeyPrefix } from './check-key.ts';
import type { SettingNames } from './settings-names.ts';

export interface AskOptions {
  /** The value of the variable that the teacher names; null where it names none. */
  apiKey: string | null;
  names: SettingNames;
  signal: AbortSignal;
  /** The longest first pause before a failed request is sent again; milliseconds. */
  pauseMs?: number;
  /** Times that a request is sent which fails in a way that may pass. A server may be busy, or cut an answer. */
  sends?: number;
}

/** Nobody waits longer than this for a server that names a time; milliseconds. */
const longestPauseMs = 20_000;

/** A teacher in one mode, asked outside any rollout. Each question has a key of its own, which no other check has. */
export class AskedTeacher {
  readonly mode: Mode;
  readonly teacher: Teacher;
  readonly options: AskOptions;
  readonly spent: Pick<TeacherCheck, 'requests' | 'prompt_tokens' | 'completion_tokens' | 'cost_usd'> = {
    requests: 0,
    prompt_tokens: 0,
    completion_tokens: 0,
    cost_usd: 0,
  };
  readonly #clients = new TeacherClients();
  readonly #rollout: string;
  readonly #redactor: Redactor;
  #exchanges = 0;

  constructor(mode: Mode, teacher: Teacher, options: AskOptions) {
    this.mode = mode;
    this.teacher = teacher;
    this.options = options;
    this.#rollout = `${checkKeyPrefix}${randomUUID()}/${mode}`;
    this.#redactor = new Redactor(options.apiKey === null ? [] : [options.apiKey]);
  }

  /** Sends a body as a rollout would, again where a failure may pass. Throws `Problem` with a code that begins with `endpoint_`. */
  async send(body: string): Promise<Exchange> {
    const { mode, teacher } = this;
    const { apiKey, signal, pauseMs = 1000, sends = 4 } = this.options;
    const exchange = this.#exchanges++;
    for (let number = 1; ; number += 1) {
      this.spent.requests += 1;
      try {
        const request = { rollout: this.#rollout, exchange, teacher, mode, apiKey, body: Buffer.from(body), number };
        const answered = await this.#clients.send(request, signal);
        this.spent.prompt_tokens += answered.usage.prompt_tokens;
        this.spent.completion_tokens += answered.usage.completion_tokens;
        this.spent.cost_usd += answered.cost_usd;
        return answered;
      } catch (error) {
        signal.throwIfAborted();
        const failure = failureOf(error);
        if (number === sends || !mayPass(failure)) throw this.#problem(failure, error);
        const retries = { ...teacher.retries, initial_seconds: Math.min(teacher.retries.initial_seconds, pauseMs / 1000) };
        const delayMs = retryDelayMs(number, failure.retryAfterMs, retries, Math.random());
        await sleep(Math.min(delayMs, longestPauseMs), undefined, { signal });
      }
    }
  }

  /** What a fault of an answer is called to people. */
  fault({ code, detail, hint }: { code: string; detail: string; hint: string }): Problem {
    return new Problem(code, this.redact(`${this.#name}: ${detail}`), { hint });
  }

  redact(text: string): string {
    return this.#redactor.redact(text);
  }

  get #name(): string {
    const { base_url, model } = this.teacher;
    return `${base_url} (${model}, mode ${this.mode})`;
  }

  #problem(failure: Failure, cause: unknown): Problem {
    const { names } = this.options;
    const fault = (code: string, hint: string) => this.fault({ code, detail: failure.message.slice(0, 1000), hint });
    const meaning = classifyFailure(failure);
    if (meaning.kind === 'outage') {
      switch (meaning.outage.code) {
        case 'teacher_unauthorized':
          return this.keyRefused(failure.message);
        case 'teacher_quota':
          return fault('endpoint_quota', 'add credit to the account behind the key');
        case 'teacher_model_missing':
          return fault('endpoint_model_missing', `write the name that the server gives under ${names.model}, or correct ${names.address}`);
        case 'teacher_failing':
        case 'teacher_unreachable':
          return fault('endpoint_unreachable', `start the server, or correct ${names.address}; see the log of the server`);
      }
    }
    if (meaning.kind === 'busy') return fault('endpoint_unreachable', 'the server wants fewer requests for now; try again later');
    if (failure.status === 400 && /tool/i.test(failure.message)) {
      return fault('endpoint_without_tools', 'serve with tool calls switched on (vLLM: --enable-auto-tool-choice --tool-call-parser …)');
    }
    if (cause instanceof Problem) return cause;
    return fault('endpoint_refuses', `see ${names.sampling} and ${names.thinking}, and the log of the server`);
  }

  keyRefused(detail: string): Problem {
    const { names } = this.options;
    const { api_key_env, base_url } = this.teacher;
    const variable = api_key_env === undefined ? `name its variable in ${names.key}` : `put a valid key into ${api_key_env}`;
    return new Problem('endpoint_key_refused', this.redact(`${base_url} refuses the key: ${detail}`), {
      hint: `${variable}${names.afterKey}`,
    });
  }
}

/** The server is there, and may do better the next time. */
function mayPass(failure: Failure): boolean {
  const meaning = classifyFailure(failure);
  return meaning.kind === 'busy' || (meaning.kind === 'outage' && !meaning.outage.atOnce);
}
