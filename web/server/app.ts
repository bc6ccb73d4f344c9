import { readdirSync, readFileSync } from 'node:fs';
import { extname, join, relative, sep } from 'node:path';
import { type Context, Hono } from 'hono';
import { bodyLimit } from 'hono/body-limit';
import { RowQuery } from '../../schemas/view-row.ts';
import { answerError } from './answer-error.ts';
import { type Access, guard, openSession } from './guard.ts';
import { json, rawText } from './answers.ts';
import { filePath, takeFile } from './take-file.ts';
import { securityHeaders } from './headers.ts';
import type { TranscriptSource, ViewSource } from './view-source.ts';

/**
 * The HTTP routes of the pages: `/` and the files beside it from `pages`, and below `/data/` what `source` gives. The same
 * paths, without the query, are the files of a bundle.
 * Whoever `access` does not let in gets 403 or 401, everywhere; `extend` adds routes behind the same guard.
 */
export function viewApp(source: ViewSource, pages: string, access: Access, extend: (app: Hono) => void = () => undefined): Hono {
  const app = new Hono();
  app.use(async (context, next) => {
    await next();
    for (const [name, value] of Object.entries(securityHeaders)) {
      // What a route forbids on its own is stricter.
      if (!context.res.headers.has(name)) context.header(name, value);
    }
  });
  app.use(guard(access));
  const limited = bodyLimit({ maxSize: mostBody, onError: (context) => context.text(`a request holds at most ${mostBody} bytes`, 413) });
  const { take } = source;
  // A file is written as it comes; it has its own limit.
  app.use(async (context, next) => (take !== undefined && context.req.path === filePath ? await next() : await limited(context, next)));
  app.onError(answerError);
  app.notFound((context) => context.text('there is nothing at this address', 404));
  app.post('/session', openSession(access.token));
  servePages(app, pages);
  app.get('/data/site.json', async (context) => json(context, await source.site()));
  app.get('/data/c/:collection/rows.json', async (context) => {
    const { collection } = context.req.param();
    const page = await source.rows(collection, rowQuery(new URL(context.req.url).searchParams));
    return json(context, page, `there are no rows called ${collection} here, or none yet`);
  });
  const transcript = (path: string, answer: (found: TranscriptSource, context: Context) => Promise<unknown>) =>
    app.get(`/data/c/:collection/r/:row/${path}`, async (context) => {
      const found = await source.transcript(context.req.param('collection') ?? '', context.req.param('row') ?? '');
      return found === undefined
        ? json(context, undefined, 'there is no run with this id here, or it has not begun')
        : json(context, await answer(found, context));
    });
  transcript('head.json', async (found) => await found.head());
  transcript(':page{index-[0-9]+\\.json}', async (found, context) => await found.index(numberIn(context.req.param('page'))));
  transcript(':chunk{chunk-[0-9]+\\.json}', async (found, context) => await found.chunk(numberIn(context.req.param('chunk'))));
  app.get('/data/c/:collection/r/:row/blob/:blob{.+\\.txt}', async (context) => {
    const { collection, row, blob } = context.req.param();
    const found = await source.transcript(collection, row);
    const id = blob.slice(0, -'.txt'.length);
    return rawText(context, await found?.blob(id), id);
  });
  if (take !== undefined) app.post(filePath, async (context) => context.json(await takeFile(context, take)));
  extend(app);
  return app;
}

/** Bytes of what a page may send: a reason and some numbers. */
const mostBody = 64 * 1024;

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

/** The files of the pages, read once; those in folders, too. */
function servePages(app: Hono, folder: string): void {
  for (const entry of readdirSync(folder, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile()) continue;
    const path = join(entry.parentPath, entry.name);
    const name = relative(folder, path).split(sep).join('/');
    const bytes = readFileSync(path);
    const type = types[extname(name)] ?? 'application/octet-stream';
    const answer = (context: Context) => context.body(bytes, 200, { 'content-type': type, 'cache-control': 'no-cache' });
    app.get(`/${name}`, answer);
    if (name === 'index.html') app.get('/', answer);
  }
}

/** The number in the name of a file: `chunk-12.json`. */
function numberIn(name = ''): number {
  return Number(/\d+/.exec(name)?.[0]);
}
