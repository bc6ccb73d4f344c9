import { createHash } from 'node:crypto';
import type { Context } from 'hono';

/**
 * Data as JSON under the hash of itself, so that a page that has it already is told just that. Undefined is nothing: 404
 * with the words of `nothing`, which the page shows.
 */
export function json(context: Context, data: unknown, nothing = 'there is nothing at this address'): Response {
  if (data === undefined) return context.text(nothing, 404);
  const text = JSON.stringify(data);
  const etag = `"${createHash('sha256').update(text).digest('base64url').slice(0, 22)}"`;
  const headers = { etag, 'cache-control': 'no-cache', 'content-type': 'application/json; charset=utf-8' };
  return context.req.header('if-none-match') === etag ? context.body(null, 304, headers) : context.body(text, 200, headers);
}

/** The whole of a text, which no browser shows as a page of this server: it is saved, and may do nothing. */
export function rawText(context: Context, bytes: AsyncIterable<Uint8Array> | undefined, name: string): Response {
  if (bytes === undefined) return context.text('there is nothing at this address', 404);
  const file = `${name.replace(/[^A-Za-z0-9._-]+/g, '_').slice(0, 100)}.txt`;
  return context.body(ReadableStream.from(bytes), 200, {
    'content-type': 'text/plain; charset=utf-8',
    'content-disposition': `attachment; filename="${file}"`,
    'content-security-policy': "default-src 'none'; frame-ancestors 'none'; sandbox",
    'cache-control': 'no-cache',
  });
}

/** Of a campaign that is not on record. */
export function noCampaign(name: string): string {
  return `this home has no campaign called ${name}, or none that has begun`;
}
