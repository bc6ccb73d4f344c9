import OpenAI, { APIConnectionError, APIError } from 'openai';
import { Stream } from 'openai/streaming';
import type { Teacher } from '../../../schemas/campaign.ts';
import type { Mode } from '../../../schemas/names.ts';
import { messageOf } from '../../../schemas/problem.ts';
import type { Exchange } from '../../../schemas/turn.ts';
import { ReplyAssembly } from '../answer/reply-assembly.ts';
import { retryAfterMs } from '../retry.ts';
import type { Failure } from '../failure/classify-failure.ts';
import { costOf, usageOf } from '../usage.ts';
import { leanFetch } from './lean-fetch.ts';

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
const longestTimerMs = 2 ** 31 - 1;

/** Makes the requests. One client for each server and key; connections are reused between rollouts. */
export class TeacherClients {
  readonly #clients = new Map<string, OpenAI>();
  #inFlight = 0;

  /** Requests that are out: what is lost, paid or not, when this process ends now. */
  get inFlight(): number {
    return this.#inFlight;
  }

  /** One request, never repeated here. Throws whatever went wrong; {@link failureOf} reads it. */
  async send(request: TeacherRequest, signal: AbortSignal): Promise<Exchange> {
    const { teacher } = request;
    const silence = new SilenceWatch(
      teacher.streaming ? Math.min(teacher.idle_timeout_seconds * 1000, longestTimerMs) : longestSilentAnswerMs,
      signal,
    );
    const started = performance.now();
    this.#inFlight += 1;
    try {
      const response = await this.#client(teacher.base_url, request.apiKey)
        .post('/chat/completions', {
          body: request.body,
          headers: {
            'content-type': 'application/json',
            'idempotency-key': `${request.rollout}/${request.exchange}`,
            'x-tracemill-attempt': String(request.number),
          },
          signal: silence.signal,
          stream: teacher.streaming,
        })
        .asResponse();
      silence.heard();
      const assembly = new ReplyAssembly();
      await readAnswer(response, assembly, silence);
      const { reply, usage: sent } = assembly.finish(request.exchange, request.mode, teacher.model);
      const usage = usageOf(sent, request.body.length, reply);
      return { reply, usage, cost_usd: costOf(usage, teacher.prices), latency_ms: Math.round((performance.now() - started) * 10) / 10 };
    } catch (error) {
      // The client's own abort error hides why it was aborted.
      silence.throwIfOver();
      throw error;
    } finally {
      this.#inFlight -= 1;
      silence.end();
    }
  }

  #client(baseURL: string, apiKey: string | null): OpenAI {
    const name = `${baseURL}\0${apiKey ?? ''}`;
    const known = this.#clients.get(name);
    if (known !== undefined) return known;
    const client = new OpenAI({
      baseURL,
      apiKey: apiKey ?? 'none',
      ...(apiKey === null ? { defaultHeaders: { authorization: null } } : {}),
      organization: null,
      project: null,
      maxRetries: 0,
      fetch: leanFetch,
      // The watch above sets the limit; this one must never come first.
      timeout: longestTimerMs,
      logLevel: 'off',
    });
    this.#clients.set(name, client);
    return client;
  }
}

/** Servers that cannot stream answer with JSON although asked to. */
async function readAnswer(response: Response, assembly: ReplyAssembly, silence: SilenceWatch): Promise<void> {
  if (!(response.headers.get('content-type') ?? '').includes('text/event-stream')) {
    const text = await response.text();
    silence.throwIfOver();
    return assembly.add(JSON.parse(text));
  }
  const controller = new AbortController();
  const stop = () => controller.abort(silence.signal.reason);
  silence.signal.addEventListener('abort', stop, { once: true });
  try {
    for await (const chunk of Stream.fromSSEResponse<unknown>(response, controller)) {
      silence.heard();
      assembly.add(chunk);
    }
  } finally {
    silence.signal.removeEventListener('abort', stop);
  }
  // An aborted stream ends as if it were complete.
  silence.throwIfOver();
}

/** The reason of an abort that came from silence rather than from outside. */
class TooSilent extends Error {
  constructor(milliseconds: number) {
    super(`no sign of life from the server for ${milliseconds / 1000} s`);
    this.name = 'TooSilent';
  }
}

/** Aborts when nothing was heard for so long, or when the outer signal does. */
class SilenceWatch {
  readonly #controller = new AbortController();
  readonly #limitMs: number;
  readonly #outer: AbortSignal;
  readonly #timer: NodeJS.Timeout;
  readonly #forward = () => this.#controller.abort(this.#outer.reason);

  constructor(limitMs: number, outer: AbortSignal) {
    this.#limitMs = limitMs;
    this.#outer = outer;
    this.#timer = setTimeout(() => this.#controller.abort(new TooSilent(this.#limitMs)), limitMs);
    if (outer.aborted) this.#forward();
    outer.addEventListener('abort', this.#forward, { once: true });
  }

  get signal(): AbortSignal {
    return this.#controller.signal;
  }

  heard(): void {
    this.#timer.refresh();
  }

  throwIfOver(): void {
    this.signal.throwIfAborted();
  }

  end(): void {
    clearTimeout(this.#timer);
    this.#outer.removeEventListener('abort', this.#forward);
  }
}

/** Any error of a request in plain values. */
export function failureOf(error: unknown, now: number): Failure {
  const unreachable = hasCode(error, noConnection);
  if (!(error instanceof APIError)) return { status: undefined, code: '', message: withCause(error), retryAfterMs: undefined, unreachable };
  const headers: Headers | undefined = error.headers;
  return {
    status: error.status,
    code: [error.code, error.type].filter((part) => typeof part === 'string').join(' '),
    message: error instanceof APIConnectionError ? withCause(error) : error.message,
    retryAfterMs: retryAfterMs(headers?.get('retry-after'), now),
    unreachable,
  };
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
  return ('code' in error && typeof error.code === 'string' && codes.has(error.code)) || hasCode(error.cause, codes);
}

/** fetch hides what happened to the connection in its cause. */
function withCause(error: unknown): string {
  const cause = error instanceof Error ? error.cause : undefined;
  return cause === undefined ? messageOf(error) : `${messageOf(error)} (${withCause(cause)})`;
}
