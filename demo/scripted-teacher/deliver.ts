import type { ServerResponse } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import type { TeacherQuirk } from '../../schemas/teacher-quirk.ts';
import type { Misbehaviour } from '../../schemas/teacher-script.ts';
import { chunksOf, wholeAnswer } from './chunks.ts';
import type { Oddity, Spoken } from './compose-reply.ts';
import { failedAnswer } from './failed-answer.ts';
import { errorIn200 } from './wordings/error-in-200.ts';
import type { FailedAnswer } from './wordings/failed-answer.ts';

export interface Delivery extends Oddity {
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
    const failure = failedAnswer(trouble, delivery.bearer, delivery.chance);
    if (failure !== undefined) return await sendFailure(response, failure);
    if (trouble?.kind === 'dropped_connection') {
      response.destroy();
      return 0;
    }
    const whole = !delivery.stream || delivery.quirks.has('whole_answer');
    return await (whole ? sendWhole : sendStream)(response, delivery, trouble, gone.signal);
  } catch (error) {
    if (gone.signal.aborted) return 'aborted';
    throw error;
  }
}

async function sendFailure(response: ServerResponse, { status, body, retryAfter, stream }: FailedAnswer): Promise<number> {
  const headers: Record<string, string> = { 'content-type': stream === true ? 'text/event-stream' : 'application/json' };
  if (retryAfter !== undefined) headers['retry-after'] = retryAfter;
  response.writeHead(status, headers);
  const text = JSON.stringify(body);
  await finish(response, stream === true ? `data: ${text}\n\ndata: [DONE]\n\n` : text);
  return status;
}

async function sendStream(
  response: ServerResponse,
  delivery: Delivery,
  trouble: Misbehaviour | undefined,
  signal: AbortSignal,
): Promise<number> {
  const { quirks } = delivery;
  const chunks = chunksOf(delivery.spoken, delivery.head, {
    quirks,
    chance: delivery.chance,
    pieceCharacters: delivery.pieceCharacters,
    includeUsage: delivery.includeUsage && trouble?.kind !== 'missing_usage',
    omitFinish: trouble?.kind === 'missing_finish',
  });
  const speed = trouble?.kind === 'slow' ? trouble.tokens_per_second : delivery.tokensPerSecond;
  const stopAfter = trouble !== undefined && 'after_chunks' in trouble ? trouble.after_chunks : undefined;
  response.writeHead(200, headersAs('text/event-stream', quirks));
  response.flushHeaders();
  const comment = () => quirks.has('keep_alive_comments') && response.write(framed(': keep-alive', quirks));
  comment();
  for (const [index, chunk] of chunks.entries()) {
    signal.throwIfAborted();
    if (index === stopAfter) return await breakOff(response, trouble, delivery, signal);
    response.write(event(JSON.stringify(chunk.data), quirks));
    comment();
    if (speed !== undefined && chunk.tokens > 0) await sleep((chunk.tokens / speed) * 1000, undefined, { signal });
  }
  if (stopAfter !== undefined) return await breakOff(response, trouble, delivery, signal);
  // A stream that ends with its terminator was not cut, whatever it lacks.
  await finish(response, trouble?.kind === 'missing_finish' || quirks.has('no_done') ? '' : event('[DONE]', quirks));
  return 200;
}

function event(data: string, quirks: ReadonlySet<TeacherQuirk>): string {
  const name = quirks.has('named_events') ? 'event: message\n' : '';
  return framed(`${name}data:${quirks.has('no_space_after_data') ? '' : ' '}${data}`, quirks);
}

function framed(lines: string, quirks: ReadonlySet<TeacherQuirk>): string {
  const text = `${lines}\n\n`;
  return quirks.has('windows_line_ends') ? text.replaceAll('\n', '\r\n') : text;
}

function headersAs(type: string, quirks: ReadonlySet<TeacherQuirk>): Record<string, string> {
  if (quirks.has('no_content_type')) return { 'cache-control': 'no-cache' };
  return { 'content-type': quirks.has('plain_text_type') ? 'text/plain; charset=utf-8' : type, 'cache-control': 'no-cache' };
}

/** Ends a stream the wrong way. */
async function breakOff(
  response: ServerResponse,
  trouble: Misbehaviour | undefined,
  { chance }: Oddity,
  signal: AbortSignal,
): Promise<number> {
  if (trouble?.kind === 'stalled_stream') await sleep(2 ** 31 - 1, undefined, { signal });
  if (trouble?.kind === 'bad_json') await finish(response, 'data: {"choices": [{"delta"\n\n');
  else if (trouble?.kind === 'error_in_200') {
    const error = errorIn200(trouble.form, chance);
    const name = error.event === undefined ? '' : `event: ${error.event}\n`;
    await finish(response, error.page === true ? String(error.data) : `${name}data: ${JSON.stringify(error.data)}\n\ndata: [DONE]\n\n`);
  }
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
  const { quirks, chance } = delivery;
  const answer = wholeAnswer(delivery.spoken, delivery.head, {
    quirks,
    chance,
    includeUsage: trouble?.kind !== 'missing_usage',
    omitFinish: trouble?.kind === 'missing_finish',
  });
  const speed = trouble?.kind === 'slow' ? trouble.tokens_per_second : delivery.tokensPerSecond;
  if (speed !== undefined) await sleep((delivery.spoken.usage.completion_tokens / speed) * 1000, undefined, { signal });
  if (trouble?.kind === 'error_in_200') {
    const { data, page } = errorIn200(trouble.form, chance);
    response.writeHead(200, { 'content-type': page === true ? 'text/html' : 'application/json' });
    await finish(response, page === true ? String(data) : JSON.stringify(data));
    return 200;
  }
  const text = JSON.stringify(answer);
  response.writeHead(200, headersAs('application/json', quirks));
  if (trouble !== undefined && 'after_chunks' in trouble) {
    response.write(text.slice(0, text.length / 2));
    return await breakOff(response, trouble, delivery, signal);
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
