import { join } from 'node:path';
import { Context } from '@temporalio/activity';
import { ApplicationFailure } from '@temporalio/common';
import type { WorkflowHandle } from '@temporalio/client';
import type { TestWorkflowEnvironment } from '@temporalio/testing';
import { Worker, type WorkerOptions } from '@temporalio/worker';
import { asActivityFailure } from '../../workers/activity-failure.ts';
import { campaignIsRunning } from '../../activities/planning/campaign-running.ts';
import { endedPullRequests } from '../../activities/planning/ended-pull-requests.ts';
import { heartbeating } from '../../platform/heartbeating.ts';
import { ensureWorkflowBundle } from '../../platform/temporal/workflow-bundle.ts';
import { Problem } from '../../schemas/problem.ts';
import type { Alarm } from '../../schemas/alarm.ts';
import type { PlannedCampaign } from '../../schemas/campaign-start.ts';
import { Campaign } from '../../schemas/campaign.ts';
import type { EvaluationFile } from '../../schemas/evaluation.ts';
import type { ReleaseInput } from '../../schemas/activity-inputs.ts';
import type { CampaignRun } from '../../schemas/campaign-run.ts';
import type { CheckScheduledInput } from '../../schemas/schedule.ts';
import type { RolloutHeartbeat } from '../../schemas/rollout-heartbeat.ts';
import {
  campaignWorkflowId,
  evaluationCampaign,
  evaluationWorkflowId,
  hostQueue,
  hostWork,
  releaseQueue,
  releaseWorkflowId,
  sharedQueue,
} from '../../workflows/contract/ids.ts';
import type { campaign } from '../../workflows/campaign.ts';
import type { evaluation } from '../../workflows/evaluation.ts';
import { type EvaluationWorld, evaluationActivities, freshEvaluationWorld } from './evaluation-world.ts';
import { startTestServer } from './temporal-server.ts';
import { freshTrainingWorld, jobActivities, trainingFilesActivity, type TrainingWorld } from './training-world.ts';

const workflowsPath = join(import.meta.dirname, '..', '..', 'workflows', 'index.ts');

const ref = { sha256: 'a'.repeat(64), size_bytes: 1, content_type: 'application/json' };
export const cells: CampaignRun['cells'] = [
  { harness: 'openhands', mode: 'think', teacher: 't', sample: 0 },
  { harness: 'sweagent', mode: 'think', teacher: 't', sample: 0 },
];

const queue = sharedQueue('test');
/** A campaign file as a client sends it. */
export function exampleFile(name: string): Campaign {
  return Campaign.parse({
    name,
    tasks: ['/tasks.jsonl'],
    harnesses: { openhands: {} },
    modes: { think: 't' },
    teachers: { t: { model: 'm', base_url: 'http://127.0.0.1:1/v1' } },
    concurrency: 3,
  });
}

/** What the activities do, and a record of what they were asked. Rollouts are named `<instance id>/<harness>`. */
export interface World {
  tasks: number;
  /** Most entries of the plan that are given at a time. */
  page: number;
  gatedOut: Set<string>;
  /** What stands in the way of tasks' images: one problem an attempt. */
  imageProblems: Map<string, Problem[]>;
  /** Rollouts that infrastructure makes fail for good. */
  losing: Set<string>;
  /** Rollouts whose every attempt fails. */
  failing: Set<string>;
  /** Rollouts whose teacher has been down for long when they are first asked for. */
  pausing: Set<string>;
  /** Rollouts whose first attempt fails. */
  stumbling: Set<string>;
  /** Rollouts whose verification fails for good. */
  unverifiable: Set<string>;
  /** A host whose workers stop once so many rollouts are done there. */
  leaving: { host: string; after: number } | null;
  /** The result of planning, which lasts as long as `plan` is null. */
  plan: PlannedCampaign | Problem | null;
  /** How long a rollout takes; milliseconds. */
  takes: number;
  /** Attempts at rollouts. */
  attempts: number;
  /** Hosts that are said to be served. */
  served: string[];
  /** What rollouts do before they end, if anything. */
  play: ((rollout: string) => Promise<void>) | undefined;
  /** Rollouts do not end while this is set. */
  waiting: boolean;
  /** Rollouts whose first attempt is silent while they are listed, as that of a dead worker. */
  silent: Set<string>;
  /** Hosts that the next requests for one get; afterwards `here`. Nobody works on `gone`; work on `brief` ends with its gate. */
  hosts: string[];
  /** Tasks whose image was made. */
  prepared: string[];
  done: string[];
  cleaned: string[];
  atOnce: number;
  most: number;
  /** Builds of releases begun. */
  releasing: number;
  /** What each build was asked for. */
  releaseInputs: ReleaseInput[];
  /** Releases fail for good while this is set. */
  releaseFails: boolean;
  /** Releases do not end while this is set. */
  releaseWaits: boolean;
  /** How often the process for releases was asked for, and how many more times it does not start. */
  releaseWorkers: { asked: number; missing: number };
  evaluation: EvaluationWorld;
  training: TrainingWorld;
}

function freshWorld(): World {
  return {
    tasks: 0,
    page: 50,
    gatedOut: new Set(),
    losing: new Set(),
    failing: new Set(),
    plan: null,
    takes: 0,
    attempts: 0,
    served: ['here'],
    pausing: new Set(),
    stumbling: new Set(),
    unverifiable: new Set(),
    imageProblems: new Map(),
    leaving: null,
    play: undefined,
    waiting: false,
    silent: new Set(),
    hosts: [],
    prepared: [],
    done: [],
    cleaned: [],
    atOnce: 0,
    most: 0,
    releasing: 0,
    releaseInputs: [],
    releaseFails: false,
    releaseWaits: false,
    releaseWorkers: { asked: 0, missing: 0 },
    evaluation: freshEvaluationWorld(),
    training: freshTrainingWorld(),
  };
}

/** A real server and real workers for the real workflows; only what activities do is made up. */
export class WorkflowRig {
  readonly world = freshWorld();
  readonly environment: TestWorkflowEnvironment;
  readonly #workers: Worker[] = [];
  readonly #running: Promise<void>[] = [];
  #releases: Promise<Worker> | undefined;

  private constructor(environment: TestWorkflowEnvironment) {
    this.environment = environment;
  }

  /** `interceptors`: around the workflows. */
  static async open(serverArguments: string[] = [], interceptors: WorkerOptions['interceptors'] = {}): Promise<WorkflowRig> {
    const rig = new WorkflowRig(await startTestServer(serverArguments));
    const activities = shortActivities(rig);
    // The code as workers load it; with modules of a test it is bundled with them.
    const workflows = interceptors.workflowModules === undefined ? { workflowBundle: await ensureWorkflowBundle() } : { workflowsPath };
    await rig.#work({ taskQueue: queue, ...workflows, activities, interceptors });
    await rig.addHost('here');
    return rig;
  }

  /** Starts the worker that builds releases, unless it is there or the world has none for now. */
  async startReleaseWorker(): Promise<void> {
    const { world } = this;
    world.releaseWorkers.asked += 1;
    if (world.releaseWorkers.missing > 0) {
      world.releaseWorkers.missing -= 1;
      return;
    }
    this.#releases ??= this.#work({
      taskQueue: releaseQueue(queue),
      maxHeartbeatThrottleInterval: 100,
      activities: {
        buildRelease: async (input: ReleaseInput) => {
          const { version } = input;
          world.releasing += 1;
          world.releaseInputs.push(input);
          if (world.releaseFails) throw ApplicationFailure.retryable('sha256 differs', 'artifact_damaged');
          while (world.releaseWaits) {
            Context.current().heartbeat();
            await Context.current().sleep(20);
          }
          return { version, rows: world.done.length, manifest_sha256: ref.sha256, folder: 'x' };
        },
        writeTrainingFiles: trainingFilesActivity(world.training),
      },
    });
    await this.#releases;
  }

  async stopReleaseWorker(): Promise<void> {
    const worker = await this.#releases;
    this.#releases = undefined;
    worker?.shutdown();
    while (worker !== undefined && worker.getState() !== 'STOPPED') await new Promise((resolve) => setTimeout(resolve, 20));
  }

  /** Starts workers for a host's queues; `slots`: what each does at a time. */
  async addHost(host: string, interceptors: WorkerOptions['interceptors'] = {}, slots = 100): Promise<Worker[]> {
    const workers: Worker[] = [];
    const activities = hostActivities(this.world, host, () => {
      for (const worker of workers) worker.shutdown();
    });
    for (const work of hostWork) {
      const options = { taskQueue: hostQueue(queue, host, work), activities: activities[work] };
      workers.push(
        await this.#work({ ...options, maxHeartbeatThrottleInterval: 100, interceptors, maxConcurrentActivityTaskExecutions: slots }),
      );
    }
    return workers;
  }

  /** Begins a new world of an evaluation, whose rollouts are of so many tasks. */
  evaluation(name: string, tasks: number): EvaluationWorld {
    const run = this.campaign(evaluationCampaign(name), tasks, 2);
    return Object.assign(this.world.evaluation, freshEvaluationWorld(), { run: { ...run, purpose: 'evaluation', release: null } });
  }

  async startEvaluation(file: EvaluationFile) {
    return await this.environment.client.workflow.start<typeof evaluation>('evaluation', {
      workflowId: evaluationWorkflowId(file.name),
      taskQueue: queue,
      args: [{ file }],
    });
  }

  /** Begins a new world of a training. */
  training(): TrainingWorld {
    return Object.assign(this.world.training, freshTrainingWorld());
  }

  /** Begins a new world and describes a campaign in it. */
  campaign(name: string, tasks: number, concurrency: number, prefetch = 0): CampaignRun {
    Object.assign(this.world, freshWorld(), { tasks, evaluation: this.world.evaluation, training: this.world.training });
    return {
      campaign: name,
      plan: ref,
      tasks,
      skipped: 0,
      cells,
      timeouts: { rollout_seconds: 60, verification_seconds: 60, heartbeat_seconds: 2, host_seconds: 1, campaign_seconds: 1 },
      concurrency,
      prefetch,
      budget: { tokens: 0, cost_usd: 10 },
      release: 'v1',
    };
  }

  async start(run: CampaignRun) {
    return await this.environment.client.workflow.start<typeof campaign>('campaign', {
      workflowId: campaignWorkflowId(run.campaign),
      taskQueue: queue,
      args: [run],
      workflowIdReusePolicy: 'ALLOW_DUPLICATE_FAILED_ONLY',
    });
  }

  /** The activities of a workflow as they were scheduled: timeouts in seconds, most attempts (0 for no limit). */
  async scheduled(workflowId: string) {
    const { events } = await this.environment.client.workflow.getHandle(workflowId).fetchHistory();
    return (events ?? []).flatMap(({ activityTaskScheduledEventAttributes: scheduled }) => {
      if (!scheduled) return [];
      const { activityType, scheduleToStartTimeout, scheduleToCloseTimeout, heartbeatTimeout, retryPolicy } = scheduled;
      return {
        name: activityType?.name ?? '',
        toStart: Number(scheduleToStartTimeout?.seconds ?? 0),
        toClose: Number(scheduleToCloseTimeout?.seconds ?? 0),
        heartbeat: Number(heartbeatTimeout?.seconds ?? 0),
        attempts: retryPolicy?.maximumAttempts ?? 0,
      };
    });
  }

  async stopWorkers(): Promise<void> {
    for (const worker of this.#workers) if (worker.getState() === 'RUNNING') worker.shutdown();
    await Promise.all(this.#running);
  }

  async close(): Promise<void> {
    await this.stopWorkers();
    await this.environment.teardown();
  }

  async #work(options: Omit<WorkerOptions, 'connection' | 'namespace'>): Promise<Worker> {
    const { nativeConnection, namespace } = this.environment;
    const worker = await Worker.create({ connection: nativeConnection, namespace: namespace ?? 'default', identity: 'test', ...options });
    this.#workers.push(worker);
    this.#running.push(worker.run());
    return worker;
  }
}

/** What ended attempts at activities that a later attempt took over, from a workflow's history. */
export async function endedAttempts(handle: Pick<WorkflowHandle, 'fetchHistory'>): Promise<string[]> {
  const { events } = await handle.fetchHistory();
  return (events ?? []).flatMap(({ activityTaskStartedEventAttributes: started }) => started?.lastFailure?.message ?? []);
}

export async function until(condition: () => boolean | Promise<boolean>): Promise<void> {
  while (!(await condition())) await new Promise((resolve) => setTimeout(resolve, 20));
}

function shortActivities(rig: WorkflowRig) {
  const {
    world,
    environment: { client },
  } = rig;
  const unverified = { verdict: ref, resolved: -1, reason: 'infrastructure' };
  return {
    checkScheduled: async ({ evaluation, check }: CheckScheduledInput): Promise<Alarm> => {
      return { evaluation, baseline: check.baseline, verdict: 'regression', reasons: ['all: −9.0 points'], tests: [] };
    },
    postAlarm: async () => undefined,
    plan: async () => {
      const context = Context.current();
      while (world.plan === null) {
        context.heartbeat({ tasks: 7 });
        await context.sleep(20);
      }
      if (world.plan instanceof Error) throw asActivityFailure(world.plan);
      return world.plan;
    },
    loadPage: async ({ offset, limit }: { offset: number; limit: number }) =>
      Array.from({ length: Math.min(limit, world.page, world.tasks - offset) }, (_, i) => ({
        instance_id: `o__r-${offset + i}`,
        repo: 'o/r',
        language: 'go',
        license: 'MIT',
        task: ref,
      })),
    acquireHost: async () => ({ host: world.hosts.shift() ?? 'here' }),
    isServed: async ({ host }: { host: string }) => world.served.includes(host),
    isCampaignRunning: async ({ campaign }: { campaign: string }) => campaignIsRunning(client, campaign),
    reconcile: async (asked: { campaign: string; instance_ids: string[]; cells: number }) => endedPullRequests(client, asked),
    recordGatedOut: async () => undefined,
    recordLost: async () => undefined,
    recordUnverified: async () => unverified,
    recordPullRequest: async () => undefined,
    recordCampaignEnd: async () => undefined,
    scan: async () => ({ report: ref, git_hack_attempted: false, findings: 0 }),
    decide: async ({ verification: { resolved } }: { verification: { resolved: number } }) => ({
      kept: true,
      resolved,
      git_hack_attempted: false,
      reason: 'kept',
    }),
    startReleaseWorker: async () => rig.startReleaseWorker(),
    awaitReleaseEnd: async ({ campaign, version }: { campaign: string; version: string }) => {
      const { status } = await client.workflow.getHandle(releaseWorkflowId(campaign, version)).describe();
      if (status.name === 'RUNNING') throw ApplicationFailure.create({ type: 'release_running', nextRetryDelay: 100 });
    },
  };
}

interface OfCell {
  cell: CampaignRun['cells'][number];
}

function hostActivities(world: World, host: string, loseHost: () => void) {
  const preparation = {
    prepare: async () => {
      const problem = world.imageProblems.get(taskOf())?.shift();
      if (problem !== undefined) throw asActivityFailure(problem);
      world.prepared.push(taskOf());
      return { image_id: 'sha256:1' };
    },
    cleanUp: async () => {
      world.cleaned.push(taskOf());
    },
  };
  const tests = {
    gate: async () => {
      if (host === 'brief') loseHost();
      return { passed: !world.gatedOut.has(taskOf()), reason: 'gold fails', record: ref };
    },
    verify: async ({ cell }: OfCell) => {
      if (world.unverifiable.has(`${taskOf()}/${cell.harness}`)) throw ApplicationFailure.nonRetryable('no room', 'engine_failed');
      return { verdict: ref, resolved: 1, reason: 'tests' };
    },
  };
  const rollouts = {
    rollout: async ({ cell }: OfCell) => {
      const id = `${taskOf()}/${cell.harness}`;
      world.atOnce += 1;
      world.attempts += 1;
      world.most = Math.max(world.most, world.atOnce);
      try {
        if (world.losing.has(id)) throw ApplicationFailure.nonRetryable('the disk is full', 'disk_full');
        if (world.failing.has(id)) throw ApplicationFailure.retryable('no engine', 'engine_failed');
        if (world.pausing.delete(id)) throw asActivityFailure(new Problem('teacher_paused', 'down since noon'));
        if (world.stumbling.delete(id)) throw ApplicationFailure.retryable('the worker died', 'worker_lost');
        while (world.silent.has(id) && Context.current().info.attempt === 1) await new Promise((resolve) => setTimeout(resolve, 20));
        if (world.takes > 0) await Context.current().sleep(world.takes);
        if (world.play !== undefined) await heartbeating(() => world.play?.(id) ?? Promise.resolve());
        while (world.waiting) {
          Context.current().heartbeat(heartbeatOf(cell));
          await Context.current().sleep(50);
        }
        world.done.push(id);
        if (world.leaving?.host === host && world.done.length === world.leaving.after) loseHost();
        return {
          trajectory: ref,
          ending: 'finished',
          turns: 3,
          usage: { prompt_tokens: 100, completion_tokens: 10 },
          cost_usd: 0.5,
          empty_patch: false,
        };
      } finally {
        world.atOnce -= 1;
      }
    },
  };
  return { preparation, tests, rollouts, evaluations: evaluationActivities(world.evaluation), jobs: jobActivities(world.training) };
}

/** What a rollout of this world says of itself while it waits. */
export function heartbeatOf(cell: CampaignRun['cells'][number]): RolloutHeartbeat {
  return { cell, turn: 2, exchanges: 3, prompt_tokens: 70, completion_tokens: 7, cost_usd: 0.25, doing: 'model', actions: 4 };
}

function taskOf(): string {
  return Context.current().info.workflowExecution?.workflowId.split('/').at(-1) ?? '';
}
