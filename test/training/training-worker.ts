import { join } from 'node:path';
import { Client, Connection } from '@temporalio/client';
import { DefaultLogger, NativeConnection, Runtime, Worker } from '@temporalio/worker';
import { z } from 'zod';
import { localStore } from '../../activities/artifacts/local-store.ts';
import type { JobBackend } from '../../activities/jobs/job-backend.ts';
import { openJobBackend } from '../../activities/jobs/open-job-backend.ts';
import { openLocalLedger } from '../../activities/ledger/local/local-ledger.ts';
import { createJobActivities, createTrainingActivities } from '../../activities/training/training-activities.ts';
import { createTrainingFilesActivities } from '../../activities/training/training-files-activities.ts';
import { ensureWorkflowBundle } from '../../platform/temporal/workflow-bundle.ts';
import { activityInterceptor } from '../../workers/activity-interceptor.ts';
import { Attempts } from '../../workers/attempts.ts';
import { hostQueue, releaseQueue, sharedQueue } from '../../workflows/contract/ids.ts';
import { smallTrainer } from './small-trainer.ts';

/** What the test tells its worker. `dies`: where it kills itself, as if somebody else had. */
export const WorkerOrders = z.object({
  address: z.string(),
  folder: z.string(),
  dies: z.enum(['never', 'before_submit', 'after_submit']),
});

const { address, folder, dies } = WorkerOrders.parse(JSON.parse(process.argv[2] ?? ''));
Runtime.install({ logger: new DefaultLogger('ERROR') });
const queue = sharedQueue('test');
const connection = await NativeConnection.connect({ address });
const client = new Client({ connection: await Connection.connect({ address }) });
const attempts = new Attempts(join(folder, 'attempts'));
await attempts.abandon(client.activity);

function dying(backend: JobBackend): JobBackend {
  return {
    ...backend,
    async submit(spec, again) {
      if (dies === 'before_submit') process.kill(process.pid, 'SIGKILL');
      const ref = await backend.submit(spec, again);
      if (dies === 'after_submit') process.kill(process.pid, 'SIGKILL');
      return ref;
    },
  };
}

const needs = {
  ledger: openLocalLedger(join(folder, 'ledger.sqlite')),
  store: localStore(join(folder, 'store')),
  jobs: join(folder, 'jobs'),
  backend: (settings: Parameters<typeof openJobBackend>[0]) => dying(openJobBackend(settings)),
  trainers: [smallTrainer],
};
const { codePath } = await ensureWorkflowBundle();
const common = {
  connection,
  interceptors: { activity: [activityInterceptor(attempts)] },
  maxHeartbeatThrottleInterval: 100,
  defaultHeartbeatThrottleInterval: 100,
};
const workers = await Promise.all([
  Worker.create({
    ...common,
    taskQueue: queue,
    workflowBundle: { codePath },
    activities: { acquireHost: async () => ({ host: 'here' }), isServed: async () => true, startReleaseWorker: async () => undefined },
    stickyQueueScheduleToStartTimeout: '1 second',
  }),
  Worker.create({
    ...common,
    taskQueue: hostQueue(queue, 'here', 'jobs'),
    activities: { ...createJobActivities(needs), ...createTrainingActivities(needs) },
  }),
  Worker.create({ ...common, taskQueue: releaseQueue(queue), activities: createTrainingFilesActivities() }),
]);
process.stdout.write('ready\n');
await Promise.all(workers.map((worker) => worker.run()));
