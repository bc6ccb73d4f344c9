import { join } from 'node:path';
import type { Client } from '@temporalio/client';
import type { ArtifactStore } from '../activities/artifacts/store.ts';
import { createReleaseWorkerActivities } from '../activities/dataset/release-worker-activities.ts';
import { createLedgerActivities } from '../activities/ledger/activities.ts';
import type { Ledger } from '../activities/ledger/ledger.ts';
import type { GatewayClient } from '../activities/model/gateway/client.ts';
import { createPipelineActivities } from '../activities/pipeline/pipeline-activities.ts';
import { createPlanningActivities, PlanReader } from '../activities/planning/activities.ts';
import type { HomeEngine, ImageCache } from '../activities/sandbox/index.ts';
import type { paths as homePaths } from '../platform/home.ts';
import { once } from '../platform/once.ts';
import { version } from '../platform/version.ts';
import type { HostActivities, ReleaseWatchActivities, ShortActivities } from '../workflows/contract/activities.ts';
import type { ScheduleActivities } from '../workflows/contract/schedule-activities.ts';
import type { PipelineActivities } from '../workflows/contract/pipeline-activities.ts';

/** What a worker has opened; each stage takes the parts that it declares. */
export interface WorkerParts {
  host: string;
  /** The store's shared queue. */
  queue: string;
  engine: HomeEngine;
  images: ImageCache;
  store: ArtifactStore;
  ledger: Ledger;
  client: Client;
  gateway: GatewayClient;
  /** Starts the process that builds releases unless it runs. */
  startReleaseWorker: () => Promise<void>;
  /** Whether a workflow has not ended. */
  isRunning: (workflowId: string) => Promise<boolean>;
  paths: typeof homePaths;
}

/**
 * All activities, by the queue that a worker takes them from. What a stage brings along (parsers, grammars, the
 * model client) is loaded with its first activity: a worker at rest holds none of it, and starts at once.
 */
export function createActivities({ paths, ...parts }: WorkerParts): {
  short: ShortActivities & ReleaseWatchActivities & ScheduleActivities & PipelineActivities;
  host: HostActivities;
} {
  const shared = { ...parts, plans: new PlanReader(parts.store) };
  const rollout = once(async () => {
    const [{ createRolloutActivities }, { harnesses }] = await Promise.all([
      import('../activities/rollout/activities.ts'),
      import('../activities/rollout/index.ts'),
    ]);
    return createRolloutActivities({ ...shared, harnesses, version, journals: paths.journals() });
  });
  const sandbox = once(async () => (await import('../activities/sandbox/activities.ts')).createSandboxActivities(shared));
  const verification = once(() => import('../activities/verification/activities.ts'));
  const tests = once(async () =>
    (await verification()).createVerificationActivities({ ...shared, gateCache: join(paths.cache(), 'gate') }),
  );
  const unverified = once(async () => (await verification()).createUnverifiedActivities(shared));
  const scanning = once(async () =>
    (await import('../activities/scanning/activities.ts')).createScanningActivities({
      ...shared,
      journals: paths.journals(),
      answers: join(paths.cache(), 'second-judge'),
    }),
  );
  const filtering = once(async () => (await import('../activities/filtering/activities.ts')).createFilteringActivities(shared));
  const evaluations = once(async () => {
    const [{ createEvaluationActivities }, { evaluationNeeds }] = await Promise.all([
      import('../activities/evaluation/evaluation-activities.ts'),
      import('./evaluation-needs.ts'),
    ]);
    return createEvaluationActivities(evaluationNeeds({ ...shared, paths, variable: (name) => parts.gateway.key(name) }));
  });
  const training = once(async () => {
    const [{ createJobActivities, createTrainingActivities }, { trainingParts }] = await Promise.all([
      import('../activities/training/training-activities.ts'),
      import('./training-parts.ts'),
    ]);
    const needs = { ...parts, ...trainingParts() };
    return { ...createJobActivities(needs), ...createTrainingActivities(needs) };
  });
  const checking = once(async () => {
    const { createCheckActivities } = await import('../activities/evaluation/check-activities.ts');
    return createCheckActivities({ ...shared, variable: (name) => parts.gateway.key(name) });
  });
  return {
    short: {
      ...createPlanningActivities({
        ...shared,
        needs: once(async () => (await import('./planning-needs.ts')).planningNeeds),
        checkTeachers: async (...asked) => (await import('./check-teachers.ts')).checkTeachersOf(parts.gateway)(...asked),
      }),
      ...createLedgerActivities(shared),
      recordUnverified: async (input) => (await unverified()).recordUnverified(input),
      scan: async (input) => (await scanning()).scan(input),
      decide: async (input) => (await filtering()).decide(input),
      recordLost: async (input) => (await filtering()).recordLost(input),
      recordGatedOut: async (input) => (await filtering()).recordGatedOut(input),
      ...createReleaseWorkerActivities(shared),
      checkScheduled: async (input) => (await checking()).checkScheduled(input),
      postAlarm: async (input) => (await checking()).postAlarm(input),
      ...createPipelineActivities({ ...parts, folders: { releases: paths.releases(), pipelines: paths.pipelines() } }),
    },
    host: {
      rollouts: { rollout: async (input) => (await rollout()).rollout(input) },
      preparation: {
        prepare: async (input) => (await sandbox()).prepare(input),
        cleanUp: async (input) => (await sandbox()).cleanUp(input),
      },
      tests: {
        gate: async (input) => (await tests()).gate(input),
        verify: async (input) => (await tests()).verify(input),
      },
      evaluations: {
        planEvaluation: async (input) => (await evaluations()).planEvaluation(input),
        startServer: async (input) => (await evaluations()).startServer(input),
        awaitServer: async (input) => (await evaluations()).awaitServer(input),
        watchServer: async (input) => (await evaluations()).watchServer(input),
        stopServer: async (input) => (await evaluations()).stopServer(input),
        runCanary: async (input) => (await evaluations()).runCanary(input),
        planRollouts: async (input) => (await evaluations()).planRollouts(input),
        gradeEvaluation: async (input) => (await evaluations()).gradeEvaluation(input),
        finishEvaluation: async (input) => (await evaluations()).finishEvaluation(input),
        finishedEvaluation: async (input) => (await evaluations()).finishedEvaluation(input),
      },
      jobs: {
        submitJob: async (input) => (await training()).submitJob(input),
        cancelJob: async (input) => (await training()).cancelJob(input),
        checkTraining: async (input) => (await training()).checkTraining(input),
        prepareTraining: async (input) => (await training()).prepareTraining(input),
        superviseJob: async (input) => (await training()).superviseJob(input),
        finishedTraining: async (input) => (await training()).finishedTraining(input),
        finishTraining: async (input) => (await training()).finishTraining(input),
      },
    },
  };
}
