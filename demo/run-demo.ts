import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Ledger } from '../activities/ledger/ledger.ts';
import { openLocalLedger } from '../activities/ledger/local/local-ledger.ts';
import { localStore } from '../activities/artifacts/local-store.ts';
import { campaignStatus } from '../client/campaign-status.ts';
import type { CampaignStatus } from '../schemas/campaign-status.ts';
import { withClient } from '../client/connect.ts';
import { type PlanningNeeds, readCampaignFile } from '../activities/planning/index.ts';
import { removeCampaign } from '../client/remove-campaign.ts';
import { startCampaign } from '../client/start-campaign.ts';
import { messageOf } from '../schemas/problem.ts';
import { paths } from '../platform/home.ts';
import { stopAll } from '../infra/stop-all.ts';
import { demoCampaignName } from './demo-campaign.ts';
import { type FoundRow, rowsOf } from './final-table.ts';
import { prepareDemo } from './prepare-demo.ts';
import { keepAlive } from './processes.ts';

export interface DemoOptions {
  planning: PlanningNeeds;
  /** Instance ids of the tasks to run; all when left out. */
  only?: string[];
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
export async function runDemo({ planning, only, keepRunning, latencyMs, tell, signal }: DemoOptions): Promise<DemoResult> {
  const since = performance.now();
  const say = (line: string) => tell(`[${((performance.now() - since) / 1000).toFixed(1).padStart(5)} s] ${line}`);
  const ledger = openLocalLedger(paths.ledger());
  try {
    const { tasks, campaignFile } = await prepareDemo({ ...(only && { only }), latencyMs, say, signal });
    const storeId = await localStore(paths.store()).id();
    await forgetFinished(ledger, storeId, say);
    const campaign = await readCampaignFile(campaignFile, planning.harnesses);
    await keepAlive(say);
    const started = await withClient((client) => startCampaign(client, storeId, campaign));
    say(
      started === 'running'
        ? 'the campaign of an earlier demo goes on'
        : `campaign ${demoCampaignName} with ${tasks.length} tasks is under way`,
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
