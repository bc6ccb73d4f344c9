import { Hono } from 'hono';
import { ensurePageBundle } from '../../../platform/page-bundle.ts';
import type { Site } from '../../../schemas/site.ts';
import { RowQuery, type RowPage, type ViewRow } from '../../../schemas/view-row.ts';
import { serve, type Serving } from '../../../web/server/serve.ts';
import type { TranscriptSource } from '../../../web/server/view-source.ts';
import { viewApp } from '../../../web/server/app.ts';

export interface PageServer extends Serving {
  /** Everything below `data/live/` by its path without `data/live/` and query, and what was asked for, in order. */
  live: Map<string, unknown>;
  asked: string[];
  site: Site;
  rows: ViewRow[];
  /** Answers of these paths come only when the promise is kept. */
  held: Map<string, Promise<unknown>>;
  transcripts: Map<string, TranscriptSource>;
  /** Paths below `data/` that fail with 500. */
  broken: Set<string>;
  posts: { path: string; body: unknown; headers: Record<string, string> }[];
  answerPost: (path: string, body: unknown) => { status: 200 | 409 | 412; body: unknown };
  /** Forgets all that a test laid down and that was asked, so that the next one begins as the first. */
  forget(): void;
}

/** The pages over data that a test lays down. */
export async function pageServer(site: Partial<Site>, rows: ViewRow[] = []): Promise<PageServer> {
  const { path: pages } = await ensurePageBundle();
  const full = (): Site => ({
    kind: 'live',
    title: 'home of the test',
    tracemill: '0.0.0',
    steering: true,
    collections: [{ id: 'campaign.demo', title: 'demo', kind: 'campaign', rows: rows.length }],
    limits: [],
    ...site,
  });
  const fresh = (): Omit<PageServer, keyof Serving | 'forget'> => ({
    live: new Map(),
    asked: [],
    site: full(),
    rows: [...rows],
    held: new Map(),
    transcripts: new Map(),
    broken: new Set(),
    posts: [],
    answerPost: () => ({ status: 200, body: {} }),
  });
  const state = fresh();
  const serving = await serve({ host: '127.0.0.1', port: 0, token: null }, (access) => {
    const outer = new Hono();
    outer.use('/data/*', async (context, next) => {
      const path = context.req.path.slice('/data/'.length);
      state.asked.push(`${path}${new URL(context.req.url).search}`);
      await state.held.get(path);
      if (state.broken.has(path)) return context.text('the ledger is locked', 500);
      if (!path.startsWith('live/')) return await next();
      const inner = decodeURIComponent(path.slice('live/'.length));
      if (context.req.method === 'POST') {
        const body: unknown = await context.req.json();
        state.posts.push({ path: inner, body, headers: context.req.header() });
        const answer = state.answerPost(inner, body);
        return context.json(answer.body, answer.status);
      }
      const data = state.live.get(inner);
      return data === undefined ? context.text('there is nothing at this address', 404) : context.json(data);
    });
    const app = viewApp(
      {
        site: async () => state.site,
        rows: async (collection, query) =>
          state.site.collections.some(({ id }) => id === collection) ? pageOf(state.rows, query) : undefined,
        transcript: async (_collection, row) => state.transcripts.get(row),
      },
      pages,
      access,
    );
    outer.route('/', app);
    return outer;
  });
  return Object.assign(state, serving, { forget: () => void Object.assign(state, fresh()) });
}

/** A plain way to the same answers that a server gives. */
function pageOf(all: readonly ViewRow[], asked: RowQuery): RowPage {
  const { where, text, sort, descending, after, limit } = RowQuery.parse(asked);
  const column = (row: ViewRow, name: string): string | number | null => Object.entries(row).find(([key]) => key === name)?.[1] ?? null;
  const matched = all
    .filter((row) => Object.entries(where).every(([name, values]) => values.includes(String(column(row, name) ?? ''))))
    .filter((row) => `${row.id} ${row.repo} ${row.model}`.includes(text))
    .sort((a, b) => compare(column(a, sort === '' ? 'id' : sort), column(b, sort === '' ? 'id' : sort)) * (descending ? -1 : 1));
  const from = after === null ? 0 : Number(after);
  const facets: RowPage['facets'] = {};
  for (const name of ['language', 'harness', 'fate', 'resolved']) {
    const counts: Record<string, number> = {};
    for (const row of matched) counts[String(column(row, name) ?? '')] = (counts[String(column(row, name) ?? '')] ?? 0) + 1;
    facets[name] = counts;
  }
  const next = from + limit < matched.length ? String(from + limit) : null;
  return { rows: matched.slice(from, from + limit), matched: matched.length, total: all.length, next, facets, version: String(all.length) };
}

function compare(a: string | number | null, b: string | number | null): number {
  if (typeof a === 'number' && typeof b === 'number') return a - b;
  return String(a) < String(b) ? -1 : Number(String(a) > String(b));
}

/** Row number `number` of a made-up campaign. */
export function someRow(number: number, change: Partial<ViewRow> = {}): ViewRow {
  const task = `owner__repo-${String(number >> 2).padStart(5, '0')}`;
  const harness = number % 2 === 0 ? 'openhands' : 'sweagent';
  return {
    id: `demo/${task}/${harness}/think/${number % 4}`,
    instance_id: task,
    repo: 'owner/repo',
    language: number % 3 === 0 ? 'go' : 'python',
    license: 'MIT',
    harness,
    mode: 'think',
    model: 'teacher-1',
    sample: number % 4,
    stage: 'done',
    ending: 'submitted',
    fate: number % 5 === 0 ? 'dropped' : 'kept',
    rule: number % 5 === 0 ? 'no_patch' : '',
    resolved: number % 5 === 0 ? null : number % 2,
    turns: (number * 37) % 101,
    prompt_tokens: 120_000 + number,
    completion_tokens: 9000,
    cost_usd: 0.1 + (number % 7) / 10,
    bytes: 221_000,
    seconds: 600,
    findings: number % 11 === 0 ? 1 : 0,
    categories: number % 11 === 0 ? 'git_history' : '',
    ...change,
  };
}
