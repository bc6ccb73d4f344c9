import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { stringify } from 'yaml';
import type { Ledger } from '../activities/ledger/ledger.ts';
import { openLocalLedger } from '../activities/ledger/local/local-ledger.ts';
import { localStore } from '../activities/artifacts/local-store.ts';
import { readPipelineFile } from '../activities/pipeline/index.ts';
import type { PlanningNeeds } from '../activities/planning/index.ts';
import { ensureEnvironment } from '../activities/python/ensure-environment.ts';
import { trainers } from '../activities/training/index.ts';
import { withClient } from '../client/connect.ts';
import { pipelineStatus, startPipeline } from '../client/pipeline.ts';
import { stopAll } from '../infra/stop-all.ts';
import { home, paths } from '../platform/home.ts';
import { messageOf } from '../schemas/problem.ts';
import type { PipelineStatus } from '../schemas/pipeline-status.ts';
import { demoEvaluation } from './demo-evaluation.ts';
import { demoPipeline, demoTraining, fullDemoName, studentEvaluation } from './full-demo-files.ts';
import { prepareDemo, writeDemoFile } from './prepare-demo.ts';
import { keepAlive } from './processes.ts';
import { makeStudent } from './student/make-student.ts';

/** How often the running step is told more of than its begin and its end. */
const detailEveryMs = 15_000;

export interface FullDemoOptions {
  planning: PlanningNeeds;
  /** Instance ids of the tasks to run; all when left out. */
  only?: string[];
  keepRunning: boolean;
  latencyMs: number;
  /** Gets one line of progress at a time. */
  tell: (line: string) => void;
  signal: AbortSignal;
}

export interface FullDemoResult {
  status: PipelineStatus | null;
  complete: boolean;
  /** Markdown; empty when there is none. */
  report: string;
  page: string | null;
}

/**
 * The whole circle on this machine: campaign, release, a small student trained by TRL and served by vLLM on the processor,
 * evaluations of student and scripted teacher, one report. One that was interrupted goes on; steps that are done stay.
 */
export async function runFullDemo({ planning, only, keepRunning, latencyMs, tell, signal }: FullDemoOptions): Promise<FullDemoResult> {
  const since = performance.now();
  const ledger = openLocalLedger(paths.ledger());
  const say = (line: string) => tell(`[${((performance.now() - since) / 1000).toFixed(1).padStart(6)} s] ${line}`);
  try {
    const [demo, model] = await Promise.all([
      prepareDemo({ ...(only && { only }), latencyMs, say, signal }),
      makeBase(say, signal),
      fetchServer(say, signal),
    ]);
    const file = (name: string, content: unknown) => writeDemoFile(name, stringify(content));
    const pipelineFile = file(
      'pipeline.yaml',
      demoPipeline({
        campaign: demo.campaignFile,
        training: file('training.yaml', demoTraining(model, sha256Of(join(model, 'tokenizer.json')))),
        evaluations: [
          file('student.yaml', studentEvaluation(demo.tasksFile, demo.tasks.length)),
          file('teacher-evaluation.yaml', demoEvaluation('demo-teacher', demo.tasksFile, demo.teacherUrl)),
        ],
      }),
    );
    const start = await readPipelineFile(pipelineFile, { harnesses: planning.harnesses, trainers, releases: paths.releases() });
    await keepAlive(say);
    const storeId = await localStore(paths.store()).id();
    const started = await withClient((client) => startPipeline(client, storeId, start));
    say(started === 'running' ? 'the pipeline of an earlier demo goes on' : `pipeline ${fullDemoName} is under way: ${pipelineFile}`);
    const status = await follow(ledger, say, signal);
    const folder = join(paths.pipelines(), fullDemoName);
    const complete = status?.workflow === 'completed';
    const ended = status !== null && status.workflow !== 'running';
    return {
      status,
      complete,
      report: ended ? readFileSync(join(folder, 'report.md'), 'utf8') : '',
      page: ended ? join(folder, 'report.html') : null,
    };
  } finally {
    await ledger.close();
    if (signal.aborted) tell('interrupted; the next `npm run demo:full` goes on from here');
    if (!keepRunning || signal.aborted) await stopAll({ engine: false });
  }
}

/** The random model that the student starts from. */
async function makeBase(say: (line: string) => void, signal: AbortSignal): Promise<string> {
  const folder = join(home(), 'demo', 'base-model');
  await makeStudent(folder, { base: 'instruct', tokenizer: 'small', seed: 7 }, { onProgress: say, signal });
  return folder;
}

/** Fetched while the campaign's tasks are made, not when the student waits for it. */
async function fetchServer(say: (line: string) => void, signal: AbortSignal): Promise<void> {
  await ensureEnvironment('serve', { onProgress: say, signal });
}

function sha256Of(path: string): string {
  return createHash('sha256').update(readFileSync(path)).digest('hex');
}

/** Follows the pipeline to its end, through deaths of worker and server. */
async function follow(ledger: Ledger, say: (line: string) => void, signal: AbortSignal): Promise<PipelineStatus | null> {
  const told = new Map<string, string>();
  let detailed = performance.now();
  let status: PipelineStatus | null = null;
  while (!signal.aborted) {
    await keepAlive(say);
    try {
      status = await withClient((client) => pipelineStatus(client, ledger, fullDemoName));
      for (const { stage, name, state, problem } of status.progress?.steps ?? []) {
        const line = `${stage} ${name}: ${state.replaceAll('_', ' ')}${problem === null ? '' : `: ${problem.message}`}`;
        if (state !== 'waiting' && told.get(`${stage} ${name}`) !== line) say(line);
        told.set(`${stage} ${name}`, line);
        if (state !== 'running' || status.doing === null || performance.now() - detailed < detailEveryMs) continue;
        detailed = performance.now();
        say(`${stage} ${name}: ${status.doing}`);
      }
      if (status.workflow !== 'running') return status;
    } catch (error) {
      say(`no answer for now: ${messageOf(error)}`);
    }
    await sleep(1000, undefined, { signal }).catch(() => undefined);
  }
  return status;
}
