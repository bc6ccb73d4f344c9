import { join } from 'node:path';
import { Client } from '@temporalio/client';
import { Worker, type WorkerOptions } from '@temporalio/worker';
import { createActivities } from './activities.ts';
import { finishReplacements } from '../activities/dataset/release-worker-activities.ts';
import { openLocalLedger } from '../activities/ledger/local/local-ledger.ts';
import { localStore } from '../activities/artifacts/local-store.ts';
import { GatewayClient } from '../activities/model/gateway/client.ts';
import { dockerEngine } from '../activities/engine/docker-engine.ts';
import { engineOfHome, ImageCache } from '../activities/sandbox/index.ts';
import { workflowStatus } from '../platform/temporal/workflow-status.ts';
import { home, paths } from '../platform/home.ts';
import { withLock } from '../platform/lock.ts';
import type { Logger } from '../platform/logger.ts';
import { connectWorker } from '../platform/temporal/connect-worker.ts';
import type { TemporalServer } from '../platform/temporal/server.ts';
import { ensureWorkflowBundle } from '../platform/temporal/workflow-bundle.ts';
import { messageOf } from '../schemas/problem.ts';
import { hostQueue, type HostWork, hostWork, releaseQueue, sharedQueue } from '../workflows/contract/ids.ts';
import { activityInterceptor } from './activity-interceptor.ts';
import { Attempts } from './attempts.ts';
import { startGatewayWatch } from './gateway-watch.ts';
import { hostName } from './host-name.ts';
import { isLive, startReaper } from './reaper.ts';
import { ReleaseProcess } from './release-process.ts';
import { forceMs, graceMs, installRuntime } from './runtime.ts';

export interface WorkerSettings {
  server: TemporalServer;
  /** Rollouts at the same time: they wait for models most of the time. */
  slots: number;
  /** Gates and verifications at the same time: they keep cores busy. */
  testSlots: number;
  /** Free bytes on the engine's disk below which images of ended tasks are removed; 0 for never. */
  imageDiskLowBytes: number | undefined;
  /** Of the loopback interface, for Prometheus; undefined serves no metrics. */
  metricsPort: number | undefined;
  logger: Logger;
  /** Called once the worker polls. */
  onReady?: (host: string) => void;
}

/** How long the process that builds releases stays without work; seconds. */
const releaseIdleSeconds = 120;

/** Steps of evaluations at the same time: most of them only wait for a server. */
const evaluationsAtOnce = 50;

/** Images made at the same time: downloads, which are bounded further, and short work on disks. */
const preparations = 6;

/** Steps of jobs at the same time: nearly all of them only look at a job now and then. */
const jobSteps = 200;

/**
 * Runs this home's worker until SIGINT or SIGTERM: workflows and short activities from the shared queue, everything
 * with containers from the host's own. One worker per home: two would use the same containers and journals.
 */
export async function runWorker(settings: WorkerSettings): Promise<void> {
  const { logger, metricsPort } = settings;
  await installRuntime(logger, metricsPort);
  await withLock('worker', () => work(settings), {
    timeoutMs: 30_000,
    onWait: () => logger.warn('another worker serves this home; waiting for it to end'),
  });
}

async function work({ server, slots, testSlots, imageDiskLowBytes, logger, onReady }: WorkerSettings): Promise<void> {
  const host = hostName();
  const connection = await connectWorker(server);
  const { address, namespace } = server;
  const client = new Client({ connection, namespace });
  const engine = engineOfHome(dockerEngine(), home());
  const store = localStore(paths.store());
  finishReplacements(paths.releases()).catch((error: unknown) => logger.warn({ error: messageOf(error) }, 'a release is not in its place'));
  const queue = sharedQueue(await store.id());
  const ledger = openLocalLedger(paths.ledger());
  const attempts = new Attempts(join(paths.run(), 'attempts'));
  const abandoned = await attempts.abandon(client.activity);
  if (abandoned > 0) logger.info({ abandoned }, 'took over from a worker that died');

  const gateway = new GatewayClient({ home: home(), environment: process.env });
  // Started before the first exchange needs it.
  gateway.ready().catch((error: unknown) => logger.warn({ error: messageOf(error) }, 'the model gateway does not start yet'));
  const images = ImageCache.open({
    engine,
    path: join(paths.state(), 'images.json'),
    isLive: (owner) => isLive(client, owner),
    lowBytes: imageDiskLowBytes,
    onRemoved: (image) => logger.info({ image }, 'removed an image to make room'),
  });
  const releases = new ReleaseProcess({
    settings: { task_queue: releaseQueue(queue), host, idle_seconds: releaseIdleSeconds },
    environment: process.env,
    marker: join(paths.run(), 'releases.wanted'),
    logger,
  });
  releases.takeOver().catch((error: unknown) => logger.warn({ error: messageOf(error) }, 'no release is built for now'));
  const { short, host: hostActivities } = createActivities({
    host,
    queue,
    engine,
    images,
    store,
    ledger,
    client,
    gateway,
    paths,
    startReleaseWorker: () => releases.start(),
    isRunning: async (workflowId) => (await workflowStatus(client, workflowId)) === 'RUNNING',
  });
  const common: Omit<WorkerOptions, 'taskQueue'> = {
    connection,
    namespace,
    identity: `${host}:${process.pid}`,
    interceptors: { activity: [activityInterceptor(attempts)] },
    shutdownGraceTime: graceMs,
    shutdownForceTime: forceMs,
  };
  const { codePath } = await ensureWorkflowBundle();
  const orchestrator = await Worker.create({
    ...common,
    taskQueue: queue,
    workflowBundle: { codePath },
    activities: short,
    maxCachedWorkflows: 400,
    // After a crash the server still offers each workflow to the dead worker for this time: 10 seconds by default.
    stickyQueueScheduleToStartTimeout: '2 seconds',
  });
  const atOnce: Record<HostWork, number> = {
    rollouts: slots,
    preparation: preparations,
    tests: testSlots,
    evaluations: evaluationsAtOnce,
    jobs: jobSteps,
  };
  const sandboxes = await Promise.all(
    hostWork.map((name) =>
      Worker.create({
        ...common,
        taskQueue: hostQueue(queue, host, name),
        activities: hostActivities[name],
        maxConcurrentActivityTaskExecutions: atOnce[name],
        // Turn and tokens of every rollout are shown live: by default a heartbeat is passed on only each minute.
        maxHeartbeatThrottleInterval: 1000,
        defaultHeartbeatThrottleInterval: 1000,
      }),
    ),
  );
  const reaper = startReaper({ engine, client, logger });
  const watch = startGatewayWatch({ host, gateway, client, queue, logger });
  try {
    const running = Promise.all([orchestrator, ...sandboxes].map((worker) => worker.run()));
    logger.info({ host, queue, slots, testSlots, address, namespace }, 'the worker is ready');
    onReady?.(host);
    await running;
  } finally {
    reaper.stop();
    watch.stop();
    await releases.stop(forceMs);
    gateway.close();
    await ledger.close();
    await connection.close();
  }
}
