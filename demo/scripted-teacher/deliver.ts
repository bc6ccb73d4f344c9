import type { ServerResponse } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Misbehaviour } from '../../schemas/teacher-script.ts';
import { chunksOf, wholeAnswer } from './chunks.ts';
import type { Spoken } from './compose-reply.ts';

export interface Delivery {
  spoken: Spoken;
  head: { id: string; model: string };
  stream: boolean;
  includeUsage: boolean;
  latencyMs: number;
  tokensPerSecond: number | undefined;
  pieceCharacters: number;
  /** The key the request carried, for the server error that repeats it. */
  bearer: string;
}

/** Sends the answer, with its trouble. Returns the HTTP status, or `aborted` when the client went away first. */
export async function deliver(
  response: ServerResponse,
  delivery: Delivery,
  trouble: Misbehaviour | undefined,
): Promise<number | 'aborted'> {
  const gone = new AbortController();
  response.once('close', () => {
    if (!response.writableFinished) gone.abort();
  });
  try {
    if (delivery.latencyMs > 0) await sleep(delivery.latencyMs, undefined, { signal: gone.signal });
    const failure = failedAnswer(trouble, delivery.bearer);
    if (failure !== undefined) return await sendFailure(response, failure);
    if (trouble?.kind === 'dropped_connection') {
      response.destroy();
      return 0;
    }
    return await (delivery.stream ? sendStream : sendWhole)(response, delivery, trouble, gone.signal);
  } catch (error) {
    if (gone.signal.aborted) return 'aborted';
    throw error;
  }
}

interface FailedAnswer {
  status: number;
  code: string;
  message: string;
  retryAfter?: string;
}

/** The answer that is no answer; undefined for trouble of another kind. */
function failedAnswer(trouble: Misbehaviour | undefined, bearer: string): FailedAnswer | undefined {
  if (trouble?.kind === 'rate_limited') {
    const retryAfter = trouble.retry_after === undefined ? {} : { retryAfter: String(trouble.retry_after) };
    return { status: 429, code: 'rate_limited', message: 'too many requests', ...retryAfter };
  }
  if (trouble?.kind === 'server_error') {
    const { status, code, message, echo_key } = trouble;
    return { status, code, message: echo_key ? `${message} (key ${bearer})` : message };
  }
  if (trouble?.kind === 'key_refused') return { status: 401, code: 'invalid_api_key', message: 'the key is not known here' };
  if (trouble?.kind === 'no_quota') {
    return { status: trouble.status, code: 'insufficient_quota', message: 'the account has no credit left' };
  }
  return undefined;
}

async function sendFailure(response: ServerResponse, { status, code, message, retryAfter }: FailedAnswer): Promise<number> {
  const headers: Record<string, string> = { 'content-type': 'application/json' };
  if (retryAfter !== undefined) headers['retry-after'] = retryAfter;
  response.writeHead(status, headers);
  await finish(response, JSON.stringify({ error: { message, type: code, code } }));
  return status;
}

async function sendStream(
  response: ServerResponse,
  delivery: Delivery,
  trouble: Misbehaviour | undefined,
  signal: AbortSignal,
): Promise<number> {
  const chunks = chunksOf(delivery.spoken, delivery.head, {
    pieceCharacters: delivery.pieceCharacters,
    includeUsage: delivery.includeUsage && trouble?.kind !== 'missing_usage',
    omitFinish: trouble?.kind === 'missing_finish',
  });
  const speed = trouble?.kind === 'slow' ? trouble.tokens_per_second : delivery.tokensPerSecond;
  const stopAfter = trouble !== undefined && 'after_chunks' in trouble ? trouble.after_chunks : undefined;
  response.writeHead(200, { 'content-type': 'text/event-stream', 'cache-control': 'no-cache' });
  response.flushHeaders();
  for (const [index, chunk] of chunks.entries()) {
    signal.throwIfAborted();
    if (index === stopAfter) return await breakOff(response, trouble, signal);
    response.write(`data: ${JSON.stringify(chunk.data)}\n\n`);
    if (speed !== undefined && chunk.tokens > 0) await sleep((chunk.tokens / speed) * 1000, undefined, { signal });
  }
  if (stopAfter !== undefined) return await breakOff(response, trouble, signal);
  await finish(response, 'data: [DONE]\n\n');
  return 200;
}

/** Ends a stream the wrong way. */
async function breakOff(response: ServerResponse, trouble: Misbehaviour | undefined, signal: AbortSignal): Promise<number> {
  if (trouble?.kind === 'stalled_stream') await sleep(2 ** 31 - 1, undefined, { signal });
  if (trouble?.kind === 'bad_json') await finish(response, 'data: {"choices": [{"delta"\n\n');
  // Lets what was written leave before the connection is torn down.
  else setTimeout(() => response.destroy(), 5);
  return 200;
}

async function sendWhole(
  response: ServerResponse,
  delivery: Delivery,
  trouble: Misbehaviour | undefined,
  signal: AbortSignal,
): Promise<number> {
  const answer = wholeAnswer(delivery.spoken, delivery.head, {
    includeUsage: trouble?.kind !== 'missing_usage',
    omitFinish: trouble?.kind === 'missing_finish',
  });
  const speed = trouble?.kind === 'slow' ? trouble.tokens_per_second : delivery.tokensPerSecond;
  if (speed !== undefined) await sleep((delivery.spoken.usage.completion_tokens / speed) * 1000, undefined, { signal });
  const text = JSON.stringify(answer);
  response.writeHead(200, { 'content-type': 'application/json' });
  if (trouble !== undefined && 'after_chunks' in trouble) {
    response.write(text.slice(0, text.length / 2));
    return await breakOff(response, trouble, signal);
  }
  await finish(response, text);
  return 200;
}

function finish(response: ServerResponse, text: string): Promise<void> {
  return new Promise((resolve, reject) => {
    response.once('close', () => (response.writableFinished ? resolve() : reject(new Error('the client closed the connection'))));
    response.end(text, () => resolve());
  });
}
