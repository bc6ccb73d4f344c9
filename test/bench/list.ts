import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { localStore } from '../../activities/artifacts/local-store.ts';
import { openLocalLedger } from '../../activities/ledger/local/local-ledger.ts';
import { ensurePageBundle } from '../../platform/page-bundle.ts';
import type { LedgerEntry } from '../../schemas/ledger-entry.ts';
import type { RolloutKey } from '../../schemas/names.ts';
import { trajectoryId } from '../../schemas/trajectory-id.ts';
import { RowPage } from '../../schemas/view-row.ts';
import { columnNames } from '../../web/model/rows/columns.ts';
import { viewApp } from '../../web/server/app.ts';
import { collectionOf, openHome } from '../../web/server/live/home-source.ts';
import { serve } from '../../web/server/serve.ts';
import { decided, planned } from '../ledger/records.ts';
import type { Figure } from './figure.ts';
import { percentile } from './percentiles.ts';

const campaign = 'bench';
const languages = ['python', 'go', 'rust', 'java', 'c', 'cpp', 'js', 'ts', 'php', 'ruby'];

type Ledger = ReturnType<typeof openLocalLedger>;

/** One answer of the server. */
interface Answer {
  page: RowPage;
  ms: number;
}

/**
 * What the server takes for a page of a campaign with 80,000 rollouts, from the request to the last byte: sorted by every
 * column both ways, filtered by every value of those with few, and by words; then while rollouts end. Totals are checked.
 */
export async function benchList({ tasks = 20_000, say = (_line: string) => {} } = {}): Promise<Figure[]> {
  const folder = mkdtempSync(join(tmpdir(), 'tracemill-bench-list-'));
  const ledger = openLocalLedger(join(folder, 'ledger.sqlite'));
  const source = openHome({ ledger, store: localStore(join(folder, 'store')) }, { journals: join(folder, 'journals'), steering: false });
  const { path } = await ensurePageBundle();
  const serving = await serve({ host: '127.0.0.1', port: 0, token: null }, (access) => viewApp(source, path, access));
  const rows = tasks * 4;
  const ask = async (query: Record<string, string>): Promise<Answer> => {
    const address = new URL(`data/c/${collectionOf(campaign)}/rows.json?${new URLSearchParams(query).toString()}`, serving.url);
    const started = performance.now();
    const text = await (await fetch(address)).text();
    const ms = performance.now() - started;
    const page = RowPage.parse(JSON.parse(text));
    if (page.total !== rows) throw new Error(`the list has ${page.total} rows of ${rows}`);
    return { page, ms };
  };
  try {
    say(`records ${rows} rollouts`);
    await fill(ledger, tasks);
    const first = await ask({});
    say('sorts and filters');
    const sorted: number[] = [];
    for (const sort of columnNames) for (const desc of ['0', '1']) sorted.push((await ask({ sort, desc })).ms);
    const filtered: number[] = [];
    for (const [column, counts] of Object.entries(first.page.facets)) {
      for (const [value, count] of Object.entries(counts)) {
        const { page, ms } = await ask({ [column]: value, sort: 'turns', desc: '1' });
        if (page.matched !== count) throw new Error(`${column}=${value}: ${page.matched} rows, and ${count} were counted`);
        filtered.push(ms);
      }
    }
    for (const text of ['parser', 'acme/parser-17', 'nowhere', 'PARSER-1 acme']) filtered.push((await ask({ text })).ms);
    say('asks while rollouts end');
    const changed: number[] = [];
    for (let number = 0; number < 20; number += 1) {
      await ledger.recordEntries([entryOf(keyOf(number, 3), number + 1)]);
      changed.push((await ask({ sort: columnNames[number % columnNames.length] ?? 'id', language: 'go' })).ms);
    }
    const size = rows.toLocaleString('en');
    return [
      ...figuresOf(`list-80000: a page of ${size} rollouts, sorted`, sorted, `each of ${columnNames.length} columns, both ways`),
      ...figuresOf('list-80000: the same, filtered', filtered, `${filtered.length} filters, totals exact`),
      ...figuresOf('list-80000: the same, after a rollout ended', changed, 'sorted and filtered anew'),
      { name: 'list-80000: the first page after a start', unit: 'ms', ours: first.ms, note: 'the ledger is read once' },
    ];
  } finally {
    await serving.close();
    source.close();
    await ledger.close();
    rmSync(folder, { recursive: true, force: true });
  }
}

function figuresOf(name: string, values: readonly number[], note: string): Figure[] {
  return [
    { name: `${name}, p50`, unit: 'ms', ours: percentile(values, 0.5), note },
    { name: `${name}, p95`, unit: 'ms', ours: percentile(values, 0.95), target: { at: 'most', value: 200 } },
  ];
}

function keyOf(number: number, cell: number): RolloutKey {
  const mode = cell % 2 === 0 ? 'think' : 'no_think';
  return { campaign, instance_id: `acme__parser-${number}`, harness: cell < 2 ? 'openhands' : 'sweagent', mode, sample: 0 };
}

/** Four rollouts a task; those of every fourth are not decided yet. */
async function fill(ledger: Ledger, tasks: number): Promise<void> {
  for (let from = 0; from < tasks; from += 500) {
    const numbers = Array.from({ length: Math.min(500, tasks - from) }, (_, at) => from + at);
    await ledger.planTasks(
      numbers.map((number) =>
        planned(`acme__parser-${number}`, { campaign, repo: `acme/parser-${number % 2823}`, language: languageOf(number) }),
      ),
    );
    const keys = numbers.flatMap((number) => [0, 1, 2, 3].map((cell) => keyOf(number, cell)));
    await ledger.planRollouts(keys.map((key) => ({ key, teacher: 'teacher' })));
    const decided = keys.filter((_, at) => at % 4 !== 3);
    await ledger.recordEntries(decided.map((key, at) => entryOf(key, from * 3 + at)));
  }
}

function languageOf(number: number): string {
  return languages[number % languages.length] ?? '';
}

let base: LedgerEntry | undefined;

/** An entry with numbers of its own. */
function entryOf(key: RolloutKey, number: number): LedgerEntry {
  base ??= decided(key);
  const task = Number(key.instance_id.split('-')[1]);
  const usage = { ...base.usage, prompt_tokens: (number * 7919) % 3_000_000, completion_tokens: (number * 104_729) % 100_000 };
  const own = { repo: `acme/parser-${task % 2823}`, language: languageOf(task), turns: (number * 31) % 200, usage };
  return { ...base, ...own, key, id: trajectoryId(key), cost_usd: (number % 9973) / 1000 };
}
