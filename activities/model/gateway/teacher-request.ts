import { text as textOf } from 'node:stream/consumers';
import type { Dispatcher } from 'undici';
import type { Teacher } from '../../../schemas/campaign.ts';
import type { Mode } from '../../../schemas/names.ts';
import { messageOf } from '../../../schemas/problem.ts';
import type { Exchange } from '../../../schemas/turn.ts';
import { readAnswer } from '../answer/read-answer.ts';
import { type AssembledReply, ReplyAssembly } from '../answer/reply-assembly.ts';
import type { Failure } from '../failure/classify-failure.ts';
import { errorOfStatus } from '../failure/error-of-status.ts';
import { ServerError } from '../failure/server-error.ts';
import { retryAfterMs } from '../retry.ts';
import { costOf, usageOf } from '../usage.ts';
import { TeacherServer } from './open-answer.ts';
import { SilenceWatch } from './silence-watch.ts';

/** What one HTTP request needs. */
export interface TeacherRequest {
  rollout: string;
  exchange: number;
  teacher: Teacher;
  mode: Mode;
  apiKey: string | null;
  body: Buffer;
  /** Counts the requests of this exchange, from 1. */
  number: number;
}

/** A generation that is not streamed shows no sign of life until it is whole. */
const longestSilentAnswerMs = 3_600_000;

/** After the finish reason only counts of tokens can come. */
const afterFinishMs = 30_000;

/** Makes the requests, by one client for each server and key. */
export class TeacherClients {
  readonly #servers = new Map<string, TeacherServer>();
  #inFlight = 0;

  /** Requests that are out: what is lost, paid or not, when this process ends now. */
  get inFlight(): number {
    return this.#inFlight;
  }

  /** One request, never repeated here. Throws whatever went wrong; {@link failureOf} reads it. */
  async send(asked: TeacherRequest, signal: AbortSignal): Promise<Exchange> {
    const { teacher } = asked;
    const silence = new SilenceWatch(teacher.streaming ? teacher.idle_timeout_seconds * 1000 : longestSilentAnswerMs, signal);
    const started = performance.now();
    this.#inFlight += 1;
    try {
      const assembly = new ReplyAssembly();
      await this.#receive(asked, assembly, silence).catch((error: unknown) => {
        // The reply is whole and paid: asking again would pay it twice.
        if (signal.aborted || !assembly.isFinished) throw error;
      });
      const assembled = assembly.finish(asked.exchange, asked.mode, teacher.model);
      throwIfNothingFits(assembled);
      const usage = usageOf(assembled.usage, asked.body.length, assembled.reply);
      const latency_ms = Math.round((performance.now() - started) * 10) / 10;
      return { reply: assembled.reply, usage, cost_usd: costOf(usage, teacher.prices), latency_ms };
    } finally {
      this.#inFlight -= 1;
      silence.end();
    }
  }

  async #receive(asked: TeacherRequest, assembly: ReplyAssembly, silence: SilenceWatch): Promise<void> {
    const { teacher, apiKey, body, rollout, exchange, number } = asked;
    const headers = {
      accept: teacher.streaming ? 'text/event-stream, application/json' : 'application/json',
      'content-type': 'application/json',
      'idempotency-key': `${rollout}/${exchange}`,
      'x-tracemill-attempt': String(number),
    };
    try {
      const answer = await this.#server(teacher.base_url, apiKey).open(body, headers, silence.signal);
      silence.heard();
      if (answer.statusCode < 200 || answer.statusCode >= 300) throw await refusalIn(answer);
      await readAnswer(answer.body, assembly, () => {
        silence.heard();
        if (assembly.isFinished) silence.shorten(afterFinishMs);
      });
    } catch (error) {
      // The error of an aborted request hides why it was aborted.
      silence.throwIfOver();
      throw error;
    }
  }

  #server(baseUrl: string, apiKey: string | null): TeacherServer {
    const name = `${baseUrl}\0${apiKey ?? ''}`;
    const known = this.#servers.get(name);
    if (known !== undefined) return known;
    const server = new TeacherServer(baseUrl, apiKey);
    this.#servers.set(name, server);
    return server;
  }
}

async function refusalIn({ statusCode, headers, body }: Dispatcher.ResponseData): Promise<ServerError> {
  const header = (name: string) => [headers[name]].flat()[0];
  const milliseconds = Number(header('retry-after-ms') ?? Number.NaN);
  const waitMs = Number.isFinite(milliseconds) ? Math.max(0, milliseconds) : retryAfterMs(header('retry-after'), Date.now());
  // A connection that breaks here says less than the status.
  const text = await textOf(body).catch(() => '');
  return errorOfStatus(statusCode, header('location') === undefined ? text : `it points to ${header('location')}`, waitMs);
}

/**
 * Some servers (LMDeploy, MiMo) say that the context is full by an answer without anything in it that ends for its length. Reasoning
 * that stays at the server is something: it has tokens.
 */
function throwIfNothingFits({ reply, usage }: AssembledReply): void {
  const { content, reasoning_content, tool_calls, finish_reason } = reply;
  if (finish_reason !== 'length' || content.trim() !== '' || reasoning_content !== undefined || tool_calls.length > 0) return;
  if ((usage?.completion_tokens ?? 0) > 1) return;
  throw new ServerError('the answer is empty and ended for its length: there is no room for one', {
    status: undefined,
    code: 'context_length_exceeded',
  });
}

/** Any error of a request in plain values. */
export function failureOf(error: unknown): Failure {
  const unreachable = hasCode(error, noConnection);
  if (!(error instanceof ServerError))
    return { status: undefined, code: '', message: withCause(error), retryAfterMs: undefined, unreachable };
  const { status, code, message, retryAfterMs: waitMs } = error;
  return { status, code, message, retryAfterMs: waitMs, unreachable };
}

/** Codes of Node and undici for a connection that never came about. */
const noConnection = new Set([
  'ECONNREFUSED',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EHOSTUNREACH',
  'EHOSTDOWN',
  'ENETUNREACH',
  'ENOENT',
  'UND_ERR_CONNECT_TIMEOUT',
]);

function hasCode(error: unknown, codes: ReadonlySet<string>): boolean {
  if (!(error instanceof Error)) return false;
  if ('code' in error && typeof error.code === 'string' && codes.has(error.code)) return true;
  // A name with several addresses: each has an error of its own.
  return hasCode(error.cause, codes) || (error instanceof AggregateError && error.errors.some((one) => hasCode(one, codes)));
}

/** A connection that broke is told by its cause. */
function withCause(error: unknown): string {
  if (error instanceof AggregateError && error.message === '') return error.errors.map(withCause).join('; ');
  const cause = error instanceof Error ? error.cause : undefined;
  return cause === undefined ? messageOf(error) : `${messageOf(error)} (${withCause(cause)})`;
}
