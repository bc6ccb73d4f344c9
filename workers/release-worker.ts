import { join } from 'node:path';
import { Client } from '@temporalio/client';
import { Worker } from '@temporalio/worker';
import { localStore } from '../activities/artifacts/local-store.ts';
import { createDatasetActivities } from '../activities/dataset/activities.ts';
import { openLocalLedger } from '../activities/ledger/local/local-ledger.ts';
import { paths } from '../platform/home.ts';
import type { ReleaseInput } from '../schemas/activity-inputs.ts';
import { withLock } from '../platform/lock.ts';
import { createLogger } from '../platform/logger.ts';
import { connectWorker } from '../platform/temporal/connect-worker.ts';
import { once } from '../platform/once.ts';
import { knownServer } from '../platform/temporal/known-server.ts';
import { messageOf, Problem } from '../schemas/problem.ts';
import type { TrainingInput } from '../schemas/training-run.ts';
import type { DatasetActivities } from '../workflows/contract/activities.ts';
import type { TrainingFilesActivities } from '../workflows/contract/training-activities.ts';
import { activityInterceptor } from './activity-interceptor.ts';
import { Attempts } from './attempts.ts';
import { type ReleaseWorkerReport, ReleaseWorkerSettings } from './release-worker-settings.ts';
import { forceMs, graceMs, installRuntime } from './runtime.ts';

/** Releases and training files at the same time. */
const atOnce = 2;

const logger = createLogger({ part: 'releases', secrets: [process.env['TEMPORAL_API_KEY'] ?? ''] });

/**
 * Builds releases and training files, in a process of its own because that keeps it busy for hours. A worker starts it, with
 * its settings as the only argument; it ends with that worker.
 */
async function work(settings: ReleaseWorkerSettings): Promise<void> {
  const { task_queue: taskQueue, host, idle_seconds: idleSeconds } = settings;
  await installRuntime(logger);
  const server = knownServer();
  if (server === undefined) throw new Problem('temporal_not_started', 'no Temporal server was started for this home');
  const { namespace } = server;
  const connection = await connectWorker(server);
  const client = new Client({ connection, namespace });
  const ledger = openLocalLedger(paths.ledger());
  try {
    // Apart from those of the worker, which may outlive this process.
    const attempts = new Attempts(join(paths.run(), 'attempts', 'release'));
    await attempts.abandon(client.activity);
    const busy = { activities: 0, since: Date.now() };
    const counted = async <T>(work: () => Promise<T>): Promise<T> => {
      busy.activities += 1;
      try {
        return await work();
      } finally {
        busy.activities -= 1;
        busy.since = Date.now();
      }
    };
    const training = once(async () =>
      (await import('../activities/training/training-files-activities.ts')).createTrainingFilesActivities(),
    );
    const dataset = createDatasetActivities({ store: localStore(paths.store()), ledger, releases: paths.releases() });
    const worker = await Worker.create({
      connection,
      namespace,
      identity: `${host}:${process.pid}`,
      taskQueue,
      activities: {
        buildRelease: (input: ReleaseInput) => counted(() => dataset.buildRelease(input)),
        writeTrainingFiles: (input: TrainingInput) => counted(async () => (await training()).writeTrainingFiles(input)),
      } satisfies DatasetActivities & TrainingFilesActivities,
      interceptors: { activity: [activityInterceptor(attempts)] },
      maxConcurrentActivityTaskExecutions: atOnce,
      // Rows are counted live: by default a heartbeat is passed on only each minute.
      maxHeartbeatThrottleInterval: 1000,
      defaultHeartbeatThrottleInterval: 1000,
      shutdownGraceTime: graceMs,
      shutdownForceTime: forceMs,
    });
    const end = () => {
      if (worker.getState() === 'RUNNING') worker.shutdown();
    };
    process.once('disconnect', end);
    const idle = setInterval(() => {
      if (busy.activities > 0 || Date.now() - busy.since < idleSeconds * 1000) return;
      report('ending');
      end();
    }, 500);
    try {
      const running = worker.run();
      logger.info({ pid: process.pid }, 'ready to build releases');
      report('ready');
      await running;
    } finally {
      clearInterval(idle);
    }
  } finally {
    await ledger.close();
    await connection.close();
    if (process.connected) process.disconnect();
  }
}

function report(what: ReleaseWorkerReport): void {
  if (process.connected) process.send?.(what);
}

const settings = ReleaseWorkerSettings.parse(JSON.parse(process.argv[2] ?? ''));
// One per home: the one of a killed worker gives its work back first.
await withLock('release-worker', () => work(settings), { timeoutMs: 60_000 }).catch((error: unknown) => {
  logger.error({ error: messageOf(error) }, 'no release can be built');
  process.exit(1);
});
