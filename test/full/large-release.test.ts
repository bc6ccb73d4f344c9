import { createHash } from 'node:crypto';
import { mkdirSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ReleaseManifest } from '../../schemas/release.ts';
import type { RowForm } from '../../schemas/dataset-row.ts';
import { demoCampaignName } from '../../demo/demo-campaign.ts';
import { demoEnd, type DemoRun, prepareDemoRun, smallTasks, startDemoRun } from '../e2e/demo-run.ts';
import { TestHome } from '../e2e/test-home.ts';
import { fixture } from '../ingestion/collect.ts';
import { duckDbLines, ownLines, pythonLines } from './cell-hashes.ts';
import { writeSyntheticRows } from './synthetic-rows.ts';

/** Judged by two commands at the same time, since each works in one thread. */
const synthetic = { sets: ['made-a', 'made-b'], rowsEach: 10_000 };
const campaigns = [...synthetic.sets, 'formats', demoCampaignName];
/** The longest command: half of the rows judged. */
const longest = 900_000;

let home: TestHome;
let demo: DemoRun | undefined;

const say = (what: string) => process.stderr.write(`${what}\n`);

async function timed<T>(what: string, work: () => Promise<T>): Promise<T> {
  const since = performance.now();
  const done = await work();
  say(`${what}: ${((performance.now() - since) / 1000).toFixed(1)} s`);
  return done;
}

async function command(...args: string[]): Promise<void> {
  const { exitCode, stderr, stdout } = await timed(`tracemill ${args.slice(0, 3).join(' ')}`, () => home.runWithin(longest, ...args));
  if (exitCode !== 0) throw new Error(`tracemill ${args.join(' ')} ended with ${exitCode}: ${stderr}${stdout}`);
}

/** The set is made, and brought in as anybody's rows are. */
async function judgeSynthetic(set: string, from: number): Promise<void> {
  const rows = join(home.folder, 'rows', set);
  const { characters } = await writeSyntheticRows(rows, from, from + synthetic.rowsEach);
  say(`${set}: ${synthetic.rowsEach} rows, ${(characters / 1e6).toFixed(1)} million characters of messages`);
  await command('judge', rows, '--campaign', set, '--preset', 'evaluation');
}

async function runDemo(): Promise<void> {
  demo = await prepareDemoRun({ tasks: smallTasks.slice(0, 1) });
  await home.startWorker();
  await startDemoRun(home, demo);
  expect(await demoEnd()).toMatchObject({ workflow: 'completed' });
  await home.stop();
}

beforeAll(async () => {
  home = new TestHome('large-release');
  await timed('the demo', runDemo);
  await timed('judging', () =>
    Promise.all(synthetic.sets.map((set, index) => judgeSynthetic(set, index * synthetic.rowsEach))).then(() =>
      command('judge', fixture('.'), '--campaign', 'formats', '--preset', 'evaluation', '--licence', 'MIT'),
    ),
  );
}, 1_800_000);
afterAll(async () => {
  await demo?.teacher.close();
  await home.remove();
});

const folderOf = (name: string) => join(home.folder, 'built', name);

async function build(name: string, form: RowForm): Promise<ReleaseManifest> {
  await command('release', 'build', ...campaigns, '--name', 'large', '--form', form, '--out', folderOf(name));
  return ReleaseManifest.parse(JSON.parse(readFileSync(join(folderOf(name), 'manifest.json'), 'utf8')));
}

function files(name: string): Record<string, string> {
  const found = readdirSync(folderOf(name), { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  const paths = found.map((entry) => join(entry.parentPath, entry.name)).sort();
  const hash = (path: string) => createHash('sha256').update(readFileSync(path)).digest('hex');
  return Object.fromEntries(paths.map((path) => [path.slice(folderOf(name).length), hash(path)]));
}

describe('a release of 20,000 rows, the demo’s and those of other tools', () => {
  let first: ReleaseManifest;

  it('is the same bytes when it is built again, and verifies', async () => {
    first = await build('first', 'trajectory');
    await build('second', 'trajectory');
    expect(files('second')).toEqual(files('first'));
    await command('release', 'verify', folderOf('first'));
    const bytes = Object.keys(files('first')).reduce((sum, path) => sum + statSync(join(folderOf('first'), path)).size, 0);
    const ledger = first.ledger.size_bytes;
    say(
      `${first.rows} rows in ${first.shards.length} shards; ${(bytes / 1e6).toFixed(1)} MB, of it ledger ${(ledger / 1e6).toFixed(1)} MB`,
    );
    expect(first.rows).toBeGreaterThan(20_000);
    const demoRows = first.statistics.filter(({ language }) => language === 'js').reduce((sum, { rows }) => sum + rows, 0);
    expect([first.query?.campaigns, demoRows > 0]).toEqual([campaigns.toSorted(), true]);
  });

  it.each<RowForm>(['trajectory', 'messages'])('is read alike by every reader, cell by cell, in the form %s', async (form) => {
    const manifest = form === 'trajectory' ? first : await build(form, form);
    expect(manifest.content_sha256).toBe(first.content_sha256);
    const name = form === 'trajectory' ? 'first' : form;
    const paths = manifest.shards.map(({ path }) => join(folderOf(name), path));
    const own = await timed('own reader', () => ownLines(paths));
    expect(own).toHaveLength(manifest.rows);
    expect(new Set(own.map((line) => line.slice(0, 36))).size).toBe(manifest.rows);
    const scratch = join(home.folder, `readers-${form}`);
    mkdirSync(scratch);
    const others = {
      duckdb: await timed('DuckDB', () => duckDbLines(paths)),
      ...(await timed('pyarrow, Polars, datasets', () => pythonLines(paths, scratch))),
    };
    for (const [reader, lines] of Object.entries(others)) {
      expect({ reader, rows: lines.length, first: lines.find((line, at) => line !== own[at]) ?? null }).toEqual({
        reader,
        rows: own.length,
        first: null,
      });
    }
  });
});
