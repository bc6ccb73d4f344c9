import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { DatabaseSync } from 'node:sqlite';
import { z } from 'zod';
import { localStore } from '../../activities/artifacts/local-store.ts';
import { planRelease } from '../../activities/dataset/release-plan.ts';
import { decideRow } from '../../activities/filtering/ledger-entry.ts';
import { presetOf } from '../../activities/filtering/presets.ts';
import { openLocalLedger } from '../../activities/ledger/local/local-ledger.ts';
import { cellsOf } from '../../activities/planning/cells.ts';
import { recordPlan } from '../../activities/planning/plan-campaign.ts';
import { CampaignPlan } from '../../schemas/campaign-plan.ts';
import { LedgerEntry } from '../../schemas/ledger-entry.ts';
import { rolloutId } from '../../schemas/rollout-id.ts';
import { trajectoryId } from '../../schemas/trajectory-id.ts';
import { scan, task, trajectory, verdict } from '../filtering/rows.ts';
import type { Figure } from './figure.ts';

export interface LedgerBenchOptions {
  /** Of the campaign that is planned, with four rollouts each. */
  tasks?: number;
  /** Of the release that is planned. */
  rows?: number;
  say?: (line: string) => void;
}

const campaign = 'bench';
const ref = { sha256: '0'.repeat(64), size_bytes: 250_000, content_type: 'application/json' };

/**
 * What the ledger costs those who use it: planning a large campaign, what another process waits for meanwhile, and the
 * plan of a release as large as the published set of rows.
 */
export async function benchLedger({ tasks = 10_000, rows = 207_489, say = () => undefined }: LedgerBenchOptions = {}): Promise<Figure[]> {
  const folder = mkdtempSync(join(tmpdir(), 'tracemill-bench-ledger-'));
  try {
    return [...(await planningFigures(folder, tasks)), ...(await releaseFigures(folder, rows, say)), entryFigure()];
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

async function planningFigures(folder: string, tasks: number): Promise<Figure[]> {
  const path = join(folder, 'planning', 'ledger.sqlite');
  const plan = planOf(tasks);
  const rollouts = tasks * cellsOf(plan.campaign).length;
  const ledger = openLocalLedger(path);
  const store = localStore(join(folder, 'store'));
  await ledger.campaigns();
  const alone = await seconds(() => recordPlan(plan, store, ledger));
  await ledger.removeCampaign(campaign);
  const writer = await startBeside('ledger-writer.ts', path);
  await recordPlan(plan, store, ledger);
  const waits = await writer.stop();
  await ledger.close();
  return [
    {
      name: `planning ${rollouts.toLocaleString('en')} rollouts of ${tasks.toLocaleString('en')} tasks`,
      unit: 's',
      ours: alone,
      peer: { name: 'bare node:sqlite, one row a statement, no log', value: barePlanning(join(folder, 'bare.sqlite'), plan) },
      target: { at: 'most', value: 5 },
    },
    {
      name: 'the same, longest write of another process',
      unit: 'ms',
      ours: Math.max(...waits),
      target: { at: 'most', value: 250 },
      note: `${waits.length} writes meanwhile`,
    },
  ];
}

function planOf(tasks: number): CampaignPlan {
  return CampaignPlan.parse({
    campaign: {
      name: campaign,
      tasks: ['tasks.jsonl'],
      harnesses: { openhands: {}, sweagent: {} },
      modes: { think: 'teacher', no_think: 'teacher' },
      teachers: { teacher: { model: 'm', base_url: 'http://localhost/v1' } },
    },
    templates: {},
    tasks: Array.from({ length: tasks }, (_, number) => ({
      instance_id: `acme__parser-${number}`,
      repo: 'acme/parser',
      language: 'python',
      license: 'MIT',
      task: ref,
    })),
    skipped: [],
  });
}

/** The same tasks and rollouts as documents with a key, in transactions of the same size. */
function barePlanning(path: string, plan: CampaignPlan): number {
  const documents = plan.tasks.flatMap(({ instance_id, ...planned }) => [
    [instance_id, { ...planned, instance_id }] as const,
    ...cellsOf(plan.campaign).map((cell) => {
      const key = { campaign, instance_id, harness: cell.harness, mode: cell.mode, sample: cell.sample };
      return [rolloutId(key), { key, teacher: cell.teacher }] as const;
    }),
  ]);
  const started = performance.now();
  const database = new DatabaseSync(path);
  database.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; CREATE TABLE documents (id TEXT PRIMARY KEY, json TEXT) STRICT');
  const insert = database.prepare('INSERT INTO documents VALUES (?, ?)');
  for (let from = 0; from < documents.length; from += 500) {
    database.exec('BEGIN IMMEDIATE');
    for (const [id, document] of documents.slice(from, from + 500)) insert.run(id, JSON.stringify(document));
    database.exec('COMMIT');
  }
  database.close();
  return (performance.now() - started) / 1000;
}

/** Another process beside this one; `stop` gives what it measured, in milliseconds. */
async function startBeside(program: string, ...values: string[]): Promise<{ stop: () => Promise<number[]> }> {
  const other: ChildProcessWithoutNullStreams = spawn(process.execPath, [join(import.meta.dirname, program), ...values]);
  other.stderr.pipe(process.stderr);
  const lines = createInterface({ input: other.stdout })[Symbol.asyncIterator]();
  await lines.next();
  return {
    async stop() {
      other.stdin.end();
      const { value } = await lines.next();
      await once(other, 'exit');
      return z
        .array(z.number())
        .min(1)
        .parse(JSON.parse(value ?? ''));
    },
  };
}

async function releaseFigures(folder: string, rows: number, say: (line: string) => void): Promise<Figure[]> {
  const path = join(folder, 'release', 'ledger.sqlite');
  const ledger = openLocalLedger(path);
  say(`records ${rows} rows`);
  await fill(ledger, rows);
  say('plans the release');
  const idle = await startBeside('idle-process.ts');
  const delay = monitorEventLoopDelay({ resolution: 2 });
  delay.enable();
  const plan = await seconds(() =>
    planRelease(ledger.entries(campaign), { campaigns: [campaign] }, { rows: 2000, bytes: 512 * 1024 * 1024 }),
  );
  delay.disable();
  const [idleDelay = 0] = await idle.stop();
  await ledger.close();
  const name = `plan of a release of ${rows.toLocaleString('en')} rows`;
  return [
    {
      name,
      unit: 's',
      ours: plan,
      peer: { name: 'the same rows parsed in one blocking pass', value: blockingPass(path) },
      target: { at: 'most', value: 60 },
    },
    {
      name: 'the same, event loop delay, p99',
      unit: 'ms',
      ours: delay.percentile(99) / 1e6,
      peer: { name: 'an idle process meanwhile', value: idleDelay },
      target: { at: 'most', value: 50 },
    },
    { name: 'the same, longest delay', unit: 'ms', ours: delay.max / 1e6 },
  ];
}

/** Entries of four rollouts a task, as a task of 400 tests leaves them. */
async function fill(ledger: ReturnType<typeof openLocalLedger>, rows: number): Promise<void> {
  const base = entryOf(400);
  for (let from = 0; from < rows; from += 500) {
    const entries = Array.from({ length: Math.min(500, rows - from) }, (_, at) => {
      const key = { ...base.key, campaign, instance_id: `acme__parser-${Math.floor((from + at) / 4)}`, sample: (from + at) % 4 };
      return { ...base, key, id: trajectoryId(key) };
    });
    await ledger.recordEntries(entries);
  }
}

function blockingPass(path: string): number {
  const database = new DatabaseSync(path);
  const started = performance.now();
  for (const { json } of database.prepare('SELECT json FROM entries ORDER BY trajectory_id').iterate()) {
    LedgerEntry.parse(JSON.parse(String(json)));
  }
  const passed = (performance.now() - started) / 1000;
  database.close();
  return passed;
}

function entryFigure(): Figure {
  const bytes = (value: unknown) => Buffer.byteLength(JSON.stringify(value)) / 1024;
  return {
    name: 'ledger entry of a task of 3,000 tests',
    unit: 'KB',
    ours: bytes(entryOf(3000)),
    peer: { name: 'the whole verdict', value: bytes(verdictOf(3000)) },
    target: { at: 'most', value: 8 },
  };
}

/** None of its tests passed: the longest that an entry can be. */
function verdictOf(tests: number) {
  const failed = Array.from({ length: tests }, (_, number) => `tests/unit/test_parser.py::TestParser::test_reads_input_number_${number}`);
  return verdict({
    resolved: 0,
    fail_to_pass: { passed: [], failed: failed.slice(0, 20) },
    pass_to_pass: { passed: [], failed: failed.slice(20) },
  });
}

function entryOf(tests: number): LedgerEntry {
  const judged = {
    trajectory: trajectory(),
    task: task(),
    verdict: verdictOf(tests),
    scan: scan(),
    refs: { task: ref, trajectory: ref, verdict: ref },
  };
  return decideRow(judged, presetOf('open-swe-traces'), () => ({ tokens: 1, trained_tokens: 0 }));
}

async function seconds(work: () => Promise<unknown>): Promise<number> {
  const started = performance.now();
  await work();
  return (performance.now() - started) / 1000;
}
