import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { historyToJSON } from '@temporalio/common/lib/proto-utils.js';
import { Problem } from '../../schemas/problem.ts';
import {
  campaignWorkflowId,
  evaluationWorkflowId,
  pullRequestWorkflowId,
  releaseWorkflowId,
  sharedQueue,
  trainingWorkflowId,
} from '../../workflows/contract/ids.ts';
import {
  abortUpdate,
  budgetUpdate,
  concurrencyUpdate,
  gatewayPausedSignal,
  pauseUpdate,
  progressQuery,
  resumeUpdate,
} from '../../workflows/contract/messages.ts';
import type { ScheduledStart } from '../../schemas/schedule.ts';
import type { Workflows } from '../../workflows/contract/workflows.ts';
import type { campaign } from '../../workflows/campaign.ts';
import { ended, exampleEvaluation } from './evaluation-world.ts';
import { exampleFile, until, WorkflowRig } from './world.ts';
import { startRelease } from '../../client/release.ts';
import { startTraining } from '../../client/training.ts';
import { exampleTraining } from './training-world.ts';

const folder = join(import.meta.dirname, 'histories');
/** So few events that a campaign of a few tasks continues as new. */
const eventsSuggested = 20;

/**
 * Runs each kind of lifecycle on a real server and keeps its history: `node test/workflows/record-histories.ts`, or with the
 * names of some of them.
 */
async function recordAll(): Promise<void> {
  mkdirSync(folder, { recursive: true });
  const chosen = process.argv.slice(2);
  const rig = await WorkflowRig.open(['--dynamic-config-value', `limit.historyCount.suggestContinueAsNew=${eventsSuggested}`]);
  try {
    for (const record of [
      planned,
      happy,
      gatedOut,
      troubled,
      lost,
      aborted,
      steered,
      teacherDown,
      prefetched,
      continuedAsNew,
      hostLost,
      verifiedElsewhere,
      campaignGone,
      releaseAwaited,
      evaluated,
      evaluatedOnServer,
      evaluationCancelled,
      scheduled,
      trained,
      trainedAgain,
      trainingCancelled,
      trainingRefused,
    ])
      if (chosen.length === 0 || chosen.includes(record.name)) await record(rig);
  } finally {
    await rig.close();
  }
}

/** Planned and paused meanwhile, aborted while it is planned, and started again when nothing was left. */
async function planned(rig: WorkflowRig): Promise<void> {
  const run = rig.campaign('planned', 1, 1);
  const { client } = rig.environment;
  const start = async (name: string) => {
    const handle = await client.workflow.start<typeof campaign>('campaign', {
      workflowId: campaignWorkflowId(name),
      taskQueue: sharedQueue('test'),
      args: [{ campaign: name, file: exampleFile(name) }],
    });
    return handle;
  };
  const first = await start('planned');
  await first.executeUpdate(pauseUpdate, { args: ['not yet'] });
  rig.world.plan = { run, finished: null };
  await until(async () => (await client.workflow.getHandle(campaignWorkflowId('planned')).query(progressQuery)).tasks === 1);
  await keep(rig, 'campaign-planned', campaignWorkflowId('planned'), first.firstExecutionRunId);
  const handle = client.workflow.getHandle<typeof campaign>(campaignWorkflowId('planned'));
  await handle.executeUpdate(resumeUpdate);
  rig.world.plan = { run, finished: await handle.result() };
  await (await start('planned')).result();
  await keep(rig, 'campaign-nothing-left', campaignWorkflowId('planned'));
  rig.world.plan = null;
  const halted = await start('halted');
  await halted.executeUpdate(abortUpdate, { args: ['wrong file'] });
  await halted.result().catch(() => undefined);
  await keep(rig, 'campaign-aborted-in-planning', campaignWorkflowId('halted'));
}

async function happy(rig: WorkflowRig): Promise<void> {
  await (await rig.start(rig.campaign('happy', 1, 1))).result();
  await keep(rig, 'campaign-happy', campaignWorkflowId('happy'));
  await keep(rig, 'pull-request-happy', pullRequestWorkflowId('happy', 'o__r-0'));
  await keep(rig, 'release-happy', releaseWorkflowId('happy', 'v1'));
}

async function gatedOut(rig: WorkflowRig): Promise<void> {
  const run = rig.campaign('gated', 1, 1);
  rig.world.gatedOut.add('o__r-0');
  await (await rig.start(run)).result();
  await keep(rig, 'pull-request-gated-out', pullRequestWorkflowId('gated', 'o__r-0'));
}

/** One rollout is tried twice, the tests of the other cannot be run. */
async function troubled(rig: WorkflowRig): Promise<void> {
  const run = rig.campaign('troubled', 1, 1);
  rig.world.stumbling.add('o__r-0/openhands');
  rig.world.unverifiable.add('o__r-0/sweagent');
  await (await rig.start(run)).result();
  await keep(rig, 'pull-request-retried-and-unverified', pullRequestWorkflowId('troubled', 'o__r-0'));
}

async function lost(rig: WorkflowRig): Promise<void> {
  const run = rig.campaign('lost', 1, 1);
  rig.world.losing.add('o__r-0/sweagent');
  await (await rig.start(run)).result().catch(() => undefined);
  await keep(rig, 'campaign-incomplete', campaignWorkflowId('lost'));
  await keep(rig, 'pull-request-rollout-lost', pullRequestWorkflowId('lost', 'o__r-0'));
}

async function aborted(rig: WorkflowRig): Promise<void> {
  const run = rig.campaign('aborted', 3, 2);
  rig.world.waiting = true;
  const handle = await rig.start(run);
  await until(() => rig.world.atOnce === 4);
  await handle.executeUpdate(abortUpdate, { args: ['wrong teacher'] });
  await handle.result().catch(() => undefined);
  await keep(rig, 'campaign-aborted', campaignWorkflowId('aborted'));
  await keep(rig, 'pull-request-cancelled', pullRequestWorkflowId('aborted', 'o__r-0'));
}

async function steered(rig: WorkflowRig): Promise<void> {
  const run = rig.campaign('steered', 3, 1);
  rig.world.waiting = true;
  const handle = await rig.start(run);
  await until(() => rig.world.atOnce === 2);
  await handle.executeUpdate(pauseUpdate, { args: ['night'] });
  await handle.executeUpdate(concurrencyUpdate, { args: [2] });
  await handle.executeUpdate(resumeUpdate);
  rig.world.waiting = false;
  await handle.result();
  await keep(rig, 'campaign-paused-and-resumed', campaignWorkflowId('steered'));
  await keep(rig, 'pull-request-paused', pullRequestWorkflowId('steered', 'o__r-0'));
}

async function teacherDown(rig: WorkflowRig): Promise<void> {
  const run = rig.campaign('teacher-down', 3, 1, 1);
  rig.world.waiting = true;
  const handle = await rig.start(run);
  await until(() => rig.world.atOnce === 2);
  const pause = {
    teacher: 't',
    code: 'teacher_failing',
    message: '500',
    hint: '',
    since: new Date().toISOString(),
    next_try: null,
  } as const;
  await handle.signal(gatewayPausedSignal, { host: 'here', pauses: [pause] });
  rig.world.waiting = false;
  await until(async () => (await handle.query(progressQuery)).counts.done === 1);
  await handle.executeUpdate(budgetUpdate, { args: [{ cost_usd: 20 }] });
  await handle.signal(gatewayPausedSignal, { host: 'here', pauses: [] });
  await handle.result();
  await keep(rig, 'campaign-teacher-down', campaignWorkflowId('teacher-down'));
}

async function prefetched(rig: WorkflowRig): Promise<void> {
  const run = rig.campaign('prefetch', 3, 1, 2);
  rig.world.waiting = true;
  const handle = await rig.start(run);
  await until(() => rig.world.atOnce === 2 && rig.world.prepared.length === 3);
  rig.world.waiting = false;
  await handle.result();
  await keep(rig, 'campaign-prefetched', campaignWorkflowId('prefetch'));
  await keep(rig, 'pull-request-prefetched', pullRequestWorkflowId('prefetch', 'o__r-2'));
}

async function continuedAsNew(rig: WorkflowRig): Promise<void> {
  const run = rig.campaign('long', 6, 2);
  rig.world.page = 3;
  const handle = await rig.start(run);
  await handle.result();
  await keep(rig, 'campaign-continued-as-new', handle.workflowId, handle.firstExecutionRunId);
  await keep(rig, 'campaign-last-of-several', handle.workflowId);
}

async function hostLost(rig: WorkflowRig): Promise<void> {
  const run = rig.campaign('moved', 2, 1);
  await rig.addHost('brief');
  rig.world.hosts = ['gone', 'here', 'brief'];
  await (await rig.start(run)).result();
  await keep(rig, 'pull-request-host-not-there', pullRequestWorkflowId('moved', 'o__r-0'));
  await keep(rig, 'pull-request-host-lost', pullRequestWorkflowId('moved', 'o__r-1'));
}

/** The host is lost after its rollouts: they are not run again. */
async function verifiedElsewhere(rig: WorkflowRig): Promise<void> {
  const run = rig.campaign('verified-elsewhere', 1, 1);
  await rig.addHost('leaving');
  rig.world.hosts = ['leaving'];
  rig.world.leaving = { host: 'leaving', after: 2 };
  await (await rig.start(run)).result();
  await keep(rig, 'pull-request-verified-elsewhere', pullRequestWorkflowId('verified-elsewhere', 'o__r-0'));
}

/** What waits for its turn asks for its campaign, and finds it gone. */
async function campaignGone(rig: WorkflowRig): Promise<void> {
  const run = rig.campaign('gone', 2, 1, 1);
  rig.world.waiting = true;
  const handle = await rig.start(run);
  await until(() => rig.world.atOnce === 2 && rig.world.prepared.length === 2);
  await handle.terminate();
  const waiting = rig.environment.client.workflow.getHandle(pullRequestWorkflowId('gone', 'o__r-1'));
  await waiting.result().catch(() => undefined);
  rig.world.waiting = false;
  await keep(rig, 'pull-request-campaign-gone', waiting.workflowId);
}

/** A release asked for at the command line, whose process does not come up at first, and then one of its campaign's own. */
async function releaseAwaited(rig: WorkflowRig): Promise<void> {
  const run = rig.campaign('awaited', 1, 1);
  await rig.stopReleaseWorker();
  rig.world.releaseWorkers.missing = 1;
  const { client } = rig.environment;
  const asked = await startRelease(client, 'test', { campaign: 'awaited', version: 'v1' });
  const campaign = await rig.start(run);
  await asked.result();
  await keep(rig, 'release-nobody-there', releaseWorkflowId('awaited', 'v1'), asked.firstExecutionRunId);
  await campaign.result();
  await keep(rig, 'campaign-release-awaited', campaignWorkflowId('awaited'));
}

/** Rollouts that are lost are run again. */
async function evaluated(rig: WorkflowRig): Promise<void> {
  rig.evaluation('plain', 1);
  rig.world.losing.add('o__r-0/sweagent');
  await (await rig.startEvaluation(exampleEvaluation('plain'))).result();
  await keep(rig, 'evaluation-endpoint-and-rerun', evaluationWorkflowId('plain'));
}

/** The server is taken away while it starts, ends under its rollouts, and comes back at another address. */
async function evaluatedOnServer(rig: WorkflowRig): Promise<void> {
  const world = rig.evaluation('served', 1);
  Object.assign(world, { serves: true, starts: [ended('preempted'), 'http://10.0.0.1:1/v1', 'http://10.0.0.2:1/v1'] });
  rig.world.waiting = true;
  const handle = await rig.startEvaluation(exampleEvaluation('served'));
  await until(() => rig.world.atOnce === 2);
  world.end = ended('failed');
  await until(() => world.asked.includes('rollouts http://10.0.0.2:1/v1'));
  rig.world.waiting = false;
  await handle.result();
  await keep(rig, 'evaluation-server-moved', evaluationWorkflowId('served'));
}

async function evaluationCancelled(rig: WorkflowRig): Promise<void> {
  const world = rig.evaluation('halted', 1);
  world.serves = true;
  rig.world.waiting = true;
  const handle = await rig.startEvaluation(exampleEvaluation('halted'));
  await until(() => rig.world.atOnce === 2);
  await handle.cancel();
  await handle.result().catch(() => undefined);
  await keep(rig, 'evaluation-cancelled', evaluationWorkflowId('halted'));
}

/** One that ran a job, and the same again, which ends at once. */
/** A scheduled evaluation with an alarm, and another one of that day. */
async function scheduled(rig: WorkflowRig): Promise<void> {
  rig.evaluation('scheduled', 1);
  for (const name of ['scheduled-alarm', 'scheduled-second-of-a-day']) {
    const start: ScheduledStart = {
      schedule: 'scheduled',
      time_zone: 'Europe/Berlin',
      kind: 'evaluation',
      file: { ...exampleEvaluation('of-the-file') },
      check: { baseline: 'accepted', webhook_env: 'HOOK' },
    };
    const handle = await rig.environment.client.workflow.start<Workflows['scheduledRun']>('scheduledRun', {
      workflowId: `scheduled/${name}`,
      taskQueue: sharedQueue('test'),
      args: [start],
    });
    await handle.result();
    await keep(rig, name, handle.workflowId);
  }
}

async function trained(rig: WorkflowRig): Promise<void> {
  const world = rig.training();
  const { client } = rig.environment;
  await (await startTraining(client, 'test', exampleTraining('trained'))).handle.result();
  await keep(rig, 'training-happy', trainingWorkflowId('trained', 'full'));
  world.isFinished = true;
  await (await startTraining(client, 'test', exampleTraining('trained'))).handle.result();
  await keep(rig, 'training-finished-before', trainingWorkflowId('trained', 'full'));
}

/** Its job is preempted, its backend does not answer for a while, and its job fails for good. */
async function trainedAgain(rig: WorkflowRig): Promise<void> {
  const world = rig.training();
  const problem = { code: 'job_failed', message: 'job x: it failed', hint: '' };
  world.unreachable = 1;
  world.ends = [
    { state: 'preempted', cause: 'preempted', problem, resumable: true },
    { state: 'failed', cause: 'not_a_number', problem, resumable: false },
  ];
  const { handle } = await startTraining(rig.environment.client, 'test', exampleTraining('trained-again'));
  await handle.result().catch(() => undefined);
  await keep(rig, 'training-preempted-and-failed', trainingWorkflowId('trained-again', 'full'));
}

async function trainingCancelled(rig: WorkflowRig): Promise<void> {
  const world = rig.training();
  world.waits = true;
  const { handle } = await startTraining(rig.environment.client, 'test', exampleTraining('training-cancelled'));
  await until(() => world.calls.includes('superviseJob 0'));
  await handle.cancel();
  await handle.result().catch(() => undefined);
  await keep(rig, 'training-cancelled', trainingWorkflowId('training-cancelled', 'full'));
}

async function trainingRefused(rig: WorkflowRig): Promise<void> {
  rig.training().wrong = new Problem('no_matching_rows', 'no row is selected');
  const { handle } = await startTraining(rig.environment.client, 'test', exampleTraining('training-refused'));
  await handle.result().catch(() => undefined);
  await keep(rig, 'training-refused', trainingWorkflowId('training-refused', 'full'));
}

async function keep(rig: WorkflowRig, name: string, workflowId: string, runId?: string): Promise<void> {
  const history = await rig.environment.client.workflow.getHandle(workflowId, runId).fetchHistory();
  const document: unknown = JSON.parse(historyToJSON(history));
  // Neither the machine nor the folder that it was recorded in is of interest.
  const text = JSON.stringify({ workflowId, history: document })
    .replaceAll(/"identity":"\d+@[^"]*"/g, '"identity":"test"')
    .replaceAll(/"stackTrace":"(?:[^"\\]|\\.)*"/g, '"stackTrace":""');
  writeFileSync(join(folder, `${name}.json`), `${text}\n`);
  process.stdout.write(`${name}: ${history.events?.length ?? 0} events\n`);
}

await recordAll();
