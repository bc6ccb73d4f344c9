import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { extname, join } from 'node:path';
import { type Context, Hono } from 'hono';
import { RowQuery } from '../../schemas/view-row.ts';
import { type Access, guard, openSession } from './guard.ts';
import { securityHeaders } from './headers.ts';
import type { TranscriptSource, ViewSource } from './view-source.ts';

/**
 * The HTTP routes of the pages: `/` and the files beside it from `pages`, and below `/data/` what `source` gives. The same
 * paths, without the query, are the files of a bundle.
 * Whoever `access` does not let in gets 403 or 401, everywhere.
 */
export function viewApp(source: ViewSource, pages: string, access: Access): Hono {
  const app = new Hono();
  app.use(async (context, next) => {
    await next();
    for (const [name, value] of Object.entries(securityHeaders)) context.header(name, value);
  });
  app.use(guard(access));
  app.post('/session', openSession(access.token));
  servePages(app, pages);
  app.get('/data/site.json', async (context) => json(context, await source.site()));
  app.get('/data/c/:collection/rows.json', async (context) =>
    json(context, await source.rows(context.req.param('collection'), rowQuery(new URL(context.req.url).searchParams))),
  );
  const transcript = (path: string, answer: (found: TranscriptSource, context: Context) => Promise<unknown>) =>
    app.get(`/data/c/:collection/r/:row/${path}`, async (context) => {
      const found = await source.transcript(context.req.param('collection') ?? '', context.req.param('row') ?? '');
      return json(context, found === undefined ? undefined : await answer(found, context));
    });
  transcript('head.json', async (found) => await found.head());
  transcript('index-:page{[0-9]+}.json', async (found, context) => await found.index(Number(context.req.param('page'))));
  transcript('chunk-:chunk{[0-9]+}.json', async (found, context) => await found.chunk(Number(context.req.param('chunk'))));
  app.get('/data/c/:collection/r/:row/blob/:id{[\\w-]+\\.txt}', async (context) => {
    const found = await source.transcript(context.req.param('collection'), context.req.param('row'));
    const bytes = await found?.blob(context.req.param('id').replace(/\.txt$/, ''));
    return bytes === undefined ? context.text('there is nothing at this address', 404) : text(context, bytes);
  });
  return app;
}

/** A text of a run, which a browser neither runs nor shows as a page of this server. */
function text(context: Context, bytes: AsyncIterable<Uint8Array>): Response {
  return context.body(ReadableStream.from(bytes), 200, {
    'content-type': 'text/plain; charset=utf-8',
    'content-disposition': 'attachment',
    'cache-control': 'no-cache',
  });
}

/** A list as the query part of an address asks for it: `text`, `sort`, `desc`, `after`, `limit`, and columns by name. */
function rowQuery(query: URLSearchParams): RowQuery {
  const own = new Set(['text', 'sort', 'desc', 'after', 'limit']);
  const columns = [...new Set(query.keys())].filter((name) => !own.has(name));
  return RowQuery.parse({
    where: Object.fromEntries(columns.map((name) => [name, query.getAll(name)])),
    text: query.get('text') ?? '',
    sort: query.get('sort') ?? '',
    descending: query.get('desc') === '1',
    after: query.get('after'),
    limit: Number(query.get('limit') ?? 100),
  });
}

const types: Record<string, string> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.map': 'application/json',
  '.txt': 'text/plain; charset=utf-8',
};

/** The files of the pages, read once. */
function servePages(app: Hono, folder: string): void {
  for (const name of readdirSync(folder)) {
    const bytes = readFileSync(join(folder, name));
    const type = types[extname(name)] ?? 'application/octet-stream';
    const answer = (context: Context) => context.body(bytes, 200, { 'content-type': type, 'cache-control': 'no-cache' });
    app.get(`/${name}`, answer);
    if (name === 'index.html') app.get('/', answer);
  }
}

/** Data as JSON under the hash of itself, so that a page that has it already is told just that. */
function json(context: Context, data: unknown): Response {
  if (data === undefined) return context.text('there is nothing at this address', 404);
  const text = JSON.stringify(data);
  const etag = `"${createHash('sha256').update(text).digest('base64url').slice(0, 22)}"`;
  const headers = { etag, 'cache-control': 'no-cache', 'content-type': 'application/json; charset=utf-8' };
  return context.req.header('if-none-match') === etag ? context.body(null, 304, headers) : context.body(text, 200, headers);
}
