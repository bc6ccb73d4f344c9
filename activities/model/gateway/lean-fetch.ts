import { Readable } from 'node:stream';
import { request } from 'undici';
import { Problem } from '../../../schemas/problem.ts';

/** Answers that have no body by definition; a `Response` refuses one. */
const bodiless = [101, 204, 205, 304];

/**
 * `fetch` as far as the openai package uses it for a request whose body is bytes. The standard one copies the body twice
 * and keeps the copies until the answer is complete: with conversations of hundreds of kilobytes and hundreds of them in
 * flight that is most of what the gateway would hold. Follows no redirects.
 */
export async function leanFetch(address: string | URL | Request, init: RequestInit = {}): Promise<Response> {
  const { body, signal } = init;
  if (address instanceof Request || !(body instanceof Uint8Array)) {
    throw new Problem('gateway_failed', 'the model client sent something else than bytes to an address');
  }
  const answer = await request(address, {
    method: 'POST',
    headers: Object.fromEntries(new Headers(init.headers)),
    body,
    ...(signal ? { signal } : {}),
  });
  const headers = new Headers();
  for (const [name, value] of Object.entries(answer.headers)) {
    for (const one of Array.isArray(value) ? value : [value ?? '']) headers.append(name, one);
  }
  const status = answer.statusCode;
  return new Response(bodiless.includes(status) ? null : Readable.toWeb(answer.body), { status, headers });
}
