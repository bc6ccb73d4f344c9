import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { stringify } from 'yaml';
import type { Ledger } from '../activities/ledger/ledger.ts';
import { openLocalLedger } from '../activities/ledger/local/local-ledger.ts';
import { dockerEngine } from '../activities/engine/docker-engine.ts';
import { localStore } from '../activities/artifacts/local-store.ts';
import { engineOfHome } from '../activities/sandbox/index.ts';
import { campaignStatus } from '../client/campaign-status.ts';
import type { CampaignStatus } from '../schemas/campaign-status.ts';
import { withClient } from '../client/connect.ts';
import { type PlanningNeeds, readCampaignFile } from '../activities/planning/index.ts';
import { removeCampaign } from '../client/remove-campaign.ts';
import { startCampaign } from '../client/start-campaign.ts';
import { messageOf, Problem } from '../schemas/problem.ts';
import type { Task } from '../schemas/task.ts';
import { home, paths } from '../platform/home.ts';
import { ensureEngine } from '../infra/bootstrap/engine.ts';
import { ensureImages, imageState } from '../infra/bootstrap/images.ts';
import { step } from '../infra/bootstrap/progress.ts';
import { stopAll } from '../infra/stop-all.ts';
import { ensureTemporal } from '../infra/temporal.ts';
import { buildDemoTasks } from './build.ts';
import { demoCampaign, demoCampaignName } from './demo-campaign.ts';
import { type FoundRow, rowsOf } from './final-table.ts';
import { keepAlive, startTeacher } from './processes.ts';
import { demoScripts } from './teacher-scripts.ts';

export interface DemoOptions {
  planning: PlanningNeeds;
  keepRunning: boolean;
  latencyMs: number;
  /** Gets one line of progress at a time. */
  tell: (line: string) => void;
  signal: AbortSignal;
}

export interface DemoResult {
  complete: boolean;
  rows: FoundRow[];
  /** Totals and where the release lies, for people. */
  summary: string;
  release: string | null;
}

/**
 * Makes the demo's tasks, runs them as a campaign against the scripted teacher and builds the release. A demo that was
 * interrupted goes on; one that is done is forgotten and run again. Worker and server are started again when they die.
 */
export async function runDemo({ planning, keepRunning, latencyMs, tell, signal }: DemoOptions): Promise<DemoResult> {
  const since = performance.now();
  const say = (line: string) => tell(`[${((performance.now() - since) / 1000).toFixed(1).padStart(5)} s] ${line}`);
  const ledger = openLocalLedger(paths.ledger());
  try {
    const [server] = await Promise.all([ensureTemporal(), bringEngineAndImages()]);
    say(`Temporal at ${server.address}`);
    const tasks = await makeTasks(say, signal);
    const storeId = await localStore(paths.store()).id();
    await forgetFinished(ledger, storeId, say);
    const teacher = await startTeacher(writeScripts(tasks.tasks, latencyMs));
    say(`scripted teacher at ${teacher.url}`);
    const file = writeCampaign(tasks.tasksFile, teacher.url);
    const campaign = await readCampaignFile(file, planning.harnesses);
    await keepAlive(say);
    const started = await withClient((client) => startCampaign(client, storeId, campaign));
    say(
      started === 'running'
        ? 'the campaign of an earlier demo goes on'
        : `campaign ${demoCampaignName} with ${tasks.tasks.length} tasks is under way`,
    );
    const status = await follow(ledger, say, signal);
    const rows = await rowsOf(ledger, demoCampaignName);
    return { ...outcome(status, rows), rows };
  } finally {
    await ledger.close();
    if (!keepRunning && !signal.aborted) await stopAll({ engine: false });
    if (signal.aborted) {
      await stopAll({ engine: false });
      tell('interrupted; the next `npm run demo` goes on from here');
    }
  }
}

/** There already after `npm run demo`; not in a home that was never bootstrapped. */
async function bringEngineAndImages(): Promise<void> {
  await ensureEngine();
  const { toolchain, minimal } = await imageState(dockerEngine());
  if (!toolchain || !minimal) await step('images', ensureImages);
}

async function makeTasks(say: (line: string) => void, signal: AbortSignal): Promise<{ tasks: Task[]; tasksFile: string }> {
  const built = await buildDemoTasks({
    engine: engineOfHome(dockerEngine(), home()),
    signal,
    onProgress: ({ instance_id, state, duration_ms, detail }) => {
      if (state === 'built') say(`task ${instance_id}: ${detail} (${(duration_ms / 1000).toFixed(1)} s)`);
      if (state === 'failed') say(`task ${instance_id} cannot be made and is left out: ${detail}`);
    },
  });
  if (built.tasks.length === 0)
    throw new Problem('demo_without_tasks', 'none of the demo tasks could be made', {
      hint: 'see the lines above; tracemill doctor shows what is missing',
    });
  say(`${built.tasks.length} tasks in ${new Set(built.tasks.map(({ language }) => language)).size} languages`);
  return built;
}

/** A finished demo would have nothing left to do; its rows keep their ids, so that runs can be compared. */
async function forgetFinished(ledger: Ledger, storeId: string, say: (line: string) => void): Promise<void> {
  if (!(await ledger.hasCampaign(demoCampaignName))) return;
  await withClient(async (client) => {
    const status = await campaignStatus(client, ledger, demoCampaignName);
    if (status.workflow === 'running') return;
    await removeCampaign(client, { ledger, storeId }, demoCampaignName);
    say('the last demo was finished; its records are removed');
  });
}

function writeScripts(tasks: Task[], latencyMs: number): string {
  const file = join(demoFolder(), 'teacher.json');
  writeFileSync(file, JSON.stringify({ scripts: demoScripts(tasks, latencyMs) }));
  return file;
}

function writeCampaign(tasksFile: string, teacherUrl: string): string {
  const file = join(demoFolder(), 'campaign.yaml');
  writeFileSync(file, stringify(demoCampaign(tasksFile, teacherUrl)));
  return file;
}

function demoFolder(): string {
  const folder = join(home(), 'demo');
  mkdirSync(folder, { recursive: true });
  return folder;
}

/** Follows the campaign to its end, through deaths of worker and server. */
async function follow(ledger: Ledger, say: (line: string) => void, signal: AbortSignal): Promise<CampaignStatus | undefined> {
  let last = '';
  let status: CampaignStatus | undefined;
  while (!signal.aborted) {
    await keepAlive(say);
    try {
      status = await withClient((client) => campaignStatus(client, ledger, demoCampaignName));
      const { planned, open, kept, dropped, lost } = status.funnel.total;
      const ended = status.progress === null ? '' : `${status.progress.counts.done}/${status.progress.tasks} tasks, `;
      const line = `${ended}${planned - open}/${planned} rollouts judged: ${kept} kept, ${dropped} dropped, ${lost} lost`;
      if (line !== last) say(line);
      last = line;
      if (status.workflow !== 'running') return status;
    } catch (error) {
      say(`no answer for now: ${messageOf(error)}`);
    }
    await sleep(1000, undefined, { signal }).catch(() => undefined);
  }
  return status;
}

function outcome(status: CampaignStatus | undefined, rows: FoundRow[]): Omit<DemoResult, 'rows'> {
  const release = join(paths.releases(), demoCampaignName, 'v1');
  const open = rows.filter(({ fate }) => fate === 'open').length;
  if (status?.workflow !== 'completed') {
    return {
      complete: false,
      release: null,
      summary: `the campaign did not complete (${status?.workflow ?? 'unknown'}); ${open} of ${rows.length} rollouts are open`,
    };
  }
  const manifest: unknown = JSON.parse(readFileSync(join(release, 'manifest.json'), 'utf8'));
  const rowsReleased = typeof manifest === 'object' && manifest !== null && 'rows' in manifest ? String(manifest.rows) : '?';
  const summary = [
    `${rows.length} rollouts; ${rowsReleased} rows released`,
    `release: ${release}`,
    'explain any row: tracemill why ROW',
    `the funnel:      tracemill ledger ${demoCampaignName}`,
  ].join('\n');
  return { complete: true, release, summary };
}
