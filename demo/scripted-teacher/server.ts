import { createHash } from 'node:crypto';
import { type IncomingMessage, type ServerResponse, createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { TeacherLogEntry } from '../../schemas/teacher-log.ts';
import type { Misbehaviour, TeacherScript } from '../../schemas/teacher-script.ts';
import { Problem, messageOf } from '../../schemas/problem.ts';
import { ChatRequest, readRequest } from './chat-request.ts';
import { scriptsFor } from './check-script.ts';
import { chooseTurn } from './choose-turn.ts';
import { callsSha256, composeReply, type Oddity } from './compose-reply.ts';
import { draw } from './draw.ts';
import { type Chaos, misbehaviourFor, quirksFor } from './misbehave.ts';
import { RequestLog } from './request-log.ts';
import { type Delivery, deliver } from './deliver.ts';
import { strictRefusal } from './strict-refusal.ts';

export interface TeacherOptions {
  scripts: readonly TeacherScript[];
  host?: string;
  /** 0, the default, takes a free one. */
  port?: number;
  /** JSON lines; without it the log stays in memory. */
  logFile?: string;
  /** Flush each log line to disk before the request is answered. */
  fsync?: boolean;
  /** The key that requests must carry; unchecked when undefined. */
  apiKey?: string;
  /** Wait before the first token, in milliseconds; a script may name its own. */
  latencyMs?: number;
  tokensPerSecond?: number;
  /** Length of a streamed piece of text. */
  pieceCharacters?: number;
  /** Whether requests that do not say reason. */
  thinkingByDefault?: boolean;
  chaos?: Chaos;
}

export interface RunningTeacher {
  /** Ends in `/v1`. */
  url: string;
  port: number;
  close(): Promise<void>;
  /** What goes wrong with every request from now on, until the next call; undefined for only what scripts and chance do. */
  misbehave(trouble: Misbehaviour | undefined): void;
  /** What was logged so far; empty when the log goes to a file. */
  log(): readonly TeacherLogEntry[];
  /** The most requests that were being answered at one time. */
  peak(): number;
}

/**
 * An OpenAI-compatible server whose answers are a function of its scripts and the request alone, so that it can
 * be stopped and started in the middle of a rollout. It keeps no state but its log.
 */
export async function startTeacher(options: TeacherOptions): Promise<RunningTeacher> {
  const log = new RequestLog(options.logFile, options.fsync ?? false);
  const load: Load = { requests: 0, active: 0, peak: 0, trouble: undefined };
  const server = createServer((request, response) => {
    load.active += 1;
    load.peak = Math.max(load.peak, load.active);
    response.once('close', () => {
      load.active -= 1;
    });
    answer(request, response, options, log, load).catch((error: unknown) => {
      if (response.headersSent) response.destroy();
      else sendError(response, 500, 'teacher_failed', messageOf(error));
    });
  });
  // Longer than any client keeps idle connections, so that no request meets a closing one.
  server.keepAliveTimeout = 120_000;
  const host = options.host ?? '127.0.0.1';
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen({ host, port: options.port ?? 0, backlog: 2048 }, resolve);
  }).catch((error: unknown) => {
    throw new Problem('teacher_not_started', `the scripted teacher cannot listen on ${host}:${options.port ?? 0}: ${messageOf(error)}`, {
      hint: 'choose another --port',
      cause: error,
    });
  });
  const port = portOf(server.address());
  return {
    url: `http://${host.includes(':') ? `[${host}]` : host}:${port}/v1`,
    port,
    log: () => log.entries,
    peak: () => load.peak,
    misbehave: (trouble) => {
      load.trouble = trouble;
    },
    close: async () => {
      server.closeAllConnections();
      await new Promise<void>((resolve) => server.close(() => resolve()));
      log.close();
    },
  };
}

async function answer(
  request: IncomingMessage,
  response: ServerResponse,
  options: TeacherOptions,
  log: RequestLog,
  load: Load,
): Promise<void> {
  const { pathname } = new URL(request.url ?? '/', 'http://teacher');
  const body = await readBody(request);
  const bearer = /^Bearer (.*)$/.exec(request.headers.authorization ?? '')?.[1];
  if (options.apiKey !== undefined && bearer !== options.apiKey) {
    return sendError(response, 401, 'invalid_api_key', `the key ${bearer ?? '(none)'} is not known here`);
  }
  if (request.method === 'GET' && pathname === '/v1/models') return sendModels(response, options.scripts);
  if (request.method !== 'POST' || pathname !== '/v1/chat/completions') {
    return sendError(response, 404, 'not_found', `${request.method} ${pathname} is not served here`);
  }
  const read = ChatRequest.safeParse(parseJson(body));
  if (!read.success) return sendError(response, 400, 'invalid_request', read.error.message);
  await answerChat(read.data, body, {
    request,
    response,
    options,
    log,
    bearer: bearer ?? '',
    number: load.requests++,
    trouble: load.trouble,
  });
}

/** What the server knows between two requests. */
interface Load {
  requests: number;
  active: number;
  peak: number;
  trouble: Misbehaviour | undefined;
}

interface Call {
  request: IncomingMessage;
  response: ServerResponse;
  options: TeacherOptions;
  log: RequestLog;
  bearer: string;
  number: number;
  trouble: Misbehaviour | undefined;
}

async function answerChat(chat: ChatRequest, body: string, call: Call): Promise<void> {
  const { options, response, log } = call;
  const headers = plainHeaders(call.request);
  const asked = readRequest(chat, headers, options.thinkingByDefault ?? true);
  const chosen = chooseTurn(scriptsFor(asked, options.scripts), asked);
  const key = headers['idempotency-key'] ?? null;
  const attempt = Math.max(1, Number(headers['x-tracemill-attempt']) || 1);
  const request_sha256 = createHash('sha256').update(body).digest('hex');
  const line = (event: TeacherLogEntry['event'], more: Partial<TeacherLogEntry> = {}): void =>
    log.write({
      at: Date.now(),
      event,
      request: call.number,
      key,
      attempt,
      model: asked.model,
      script: chosen?.script.name ?? null,
      turn: asked.turn,
      assistant_messages: asked.assistantMessages,
      request_sha256,
      ...more,
    });
  line('asked');
  const refusal = chosen?.script.strict === true ? strictRefusal(body) : undefined;
  if (refusal !== undefined) {
    line('refused', { status: 400 });
    return sendError(response, 400, 'invalid_request_error', refusal);
  }
  if (chosen === undefined) {
    line('refused', { status: 400 });
    return sendError(
      response,
      400,
      'no_script',
      `no script matches model ${asked.model}, harness ${asked.harness ?? 'unknown'}, this task`,
    );
  }
  const trouble = call.trouble ?? misbehaviourFor(chosen.turn.misbehave, options.chaos, key ?? request_sha256, attempt);
  const named = key ?? request_sha256;
  const oddity: Oddity = {
    quirks: trouble === undefined ? quirksFor(chosen.turn.quirks ?? [], options.chaos, named, attempt) : new Set(),
    chance: draw(`${options.chaos?.seed ?? ''}\0form\0${named}\0${attempt}`),
  };
  const spoken = composeReply(chosen, asked, body, oddity);
  const delivery: Delivery = {
    ...oddity,
    spoken,
    head: { id: `chatcmpl-${request_sha256.slice(0, 24)}`, model: asked.model },
    stream: chat.stream === true,
    includeUsage: chat.stream_options?.include_usage === true || chat.stream !== true,
    latencyMs: chosen.script.latency_ms ?? options.latencyMs ?? 0,
    tokensPerSecond: chosen.script.tokens_per_second ?? options.tokensPerSecond,
    pieceCharacters: options.pieceCharacters ?? 64,
    bearer: call.bearer,
  };
  const outcome = await deliver(response, delivery, trouble);
  const { prompt_tokens, completion_tokens } = spoken.usage;
  const misbehaviour = trouble === undefined ? {} : { misbehaviour: trouble.kind };
  const event = outcome === 'aborted' ? 'aborted' : spoils(trouble, delivery.stream) ? 'misbehaved' : 'answered';
  line(event, {
    ...misbehaviour,
    ...(outcome === 'aborted' ? {} : { status: outcome }),
    ...(oddity.quirks.size > 0 && { quirks: [...oddity.quirks] }),
    ...(event === 'answered' && {
      prompt_tokens,
      completion_tokens,
      calls: spoken.calls.length,
      calls_sha256: callsSha256(spoken.calls),
    }),
  });
}

/** Slowness and a missing token count still give a whole answer; so does one JSON text without a finish reason. */
function spoils(trouble: Misbehaviour | undefined, stream: boolean): boolean {
  if (trouble?.kind === 'missing_finish') return stream;
  return trouble !== undefined && trouble.kind !== 'slow' && trouble.kind !== 'missing_usage';
}

function sendModels(response: ServerResponse, scripts: readonly TeacherScript[]): void {
  const names = new Set(scripts.flatMap((script) => (script.match.model === undefined ? [] : [script.match.model])));
  if (names.size === 0) names.add('scripted');
  const data = [...names].map((id) => ({ id, object: 'model', created: 0, owned_by: 'tracemill' }));
  response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify({ object: 'list', data }));
}

function sendError(response: ServerResponse, status: number, code: string, message: string): void {
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify({ error: { message, type: code, code } }));
}

async function readBody(request: IncomingMessage): Promise<string> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of request) chunks.push(chunk);
  return Buffer.concat(chunks).toString('utf8');
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function plainHeaders(request: IncomingMessage): Record<string, string> {
  return Object.fromEntries(
    Object.entries(request.headers).flatMap(([name, value]) => (value === undefined ? [] : [[name, String(value)]])),
  );
}

function portOf(address: AddressInfo | string | null): number {
  return typeof address === 'object' && address !== null ? address.port : 0;
}
