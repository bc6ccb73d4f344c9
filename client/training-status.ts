import { type Client, WorkflowNotFoundError } from '@temporalio/client';
import { z } from 'zod';
import { Problem } from '../schemas/problem.ts';
import { JobWatch, type TrainingProgress } from '../schemas/training-run.ts';
import type { TrainingStatus } from '../schemas/training-status.ts';
import { sharedQueue, trainingOfWorkflow, trainingWorkflowId } from '../workflows/contract/ids.ts';
import { trainingProgressQuery } from '../workflows/contract/messages.ts';
import type { Workflows } from '../workflows/contract/workflows.ts';
import { heartbeatOf } from './heartbeat.ts';
import { pendingRetries } from './pending-retries.ts';
import { queryPatiently } from './query-patiently.ts';
import { cancelRunning, problemOfRun } from './run-workflow.ts';
import { trainingWorkflow } from './training.ts';

/** Training and variant of a workflow. */
export interface TrainingId {
  training: string;
  variant: string;
}

/** The trainings of a store that the server knows, the newest run of each; of one name, or of all. Sorted by name. */
export async function knownTrainings(client: Client, storeId: string, training?: string): Promise<TrainingId[]> {
  const query = [
    `WorkflowType = 'training'`,
    `TaskQueue = '${sharedQueue(storeId)}'`,
    ...(training === undefined ? [] : [`TracemillRun = '${training}'`]),
  ];
  const found = new Map<string, TrainingId>();
  for await (const { workflowId } of client.workflow.list({ query: query.join(' AND ') })) {
    const id = trainingOfWorkflow(workflowId);
    if (id !== undefined) found.set(workflowId, id);
  }
  return [...found].toSorted(([a], [b]) => (a < b ? -1 : 1)).map(([, id]) => id);
}

/** Where one variant stands; three calls to the server. Throws `Problem` training_not_found. */
export async function trainingStatus(client: Client, { training, variant }: TrainingId): Promise<TrainingStatus> {
  const handle = client.workflow.getHandle<Workflows['training']>(trainingWorkflowId(training, variant));
  const described = await handle.describe().catch((error: unknown) => {
    if (!(error instanceof WorkflowNotFoundError)) throw error;
    throw new Problem('training_not_found', `no training ${training} of a variant ${variant} was started`, {
      hint: 'see: tracemill training list',
    });
  });
  const progress = await queryPatiently(client, () => handle.query(trainingProgressQuery)).catch(orUnknown);
  const running = described.status.name === 'RUNNING';
  const pending = described.raw.pendingActivities ?? [];
  const activity = (name: string) => pending.find(({ activityType }) => activityType?.name === name);
  return {
    training,
    variant,
    workflow: described.status.name.toLowerCase(),
    started_at: described.startTime.toISOString(),
    closed_at: described.closeTime?.toISOString() ?? null,
    progress,
    watch: heartbeatOf(activity('superviseJob'), JobWatch) ?? null,
    doing:
      heartbeatOf(activity('checkTraining') ?? activity('prepareTraining'), Doing)?.doing ??
      rowsRead(heartbeatOf(activity('writeTrainingFiles'), RowsRead)),
    retries: pendingRetries(described),
    problem: running ? (progress?.problem ?? null) : await problemOfRun('training', handle),
  };
}

const Doing = z.object({ doing: z.string() });
const RowsRead = z.object({ rows: z.int(), of: z.int() });

function rowsRead(read: z.infer<typeof RowsRead> | undefined): string | null {
  return read === undefined ? null : `${read.rows} of ${read.of} rows read`;
}

/** Without a worker no query is answered. */
function orUnknown(error: unknown): TrainingProgress | null {
  if (error instanceof Problem && error.code === 'temporal_no_worker') return null;
  throw error;
}

/** Cancels a training of this store and with it its job. Throws `Problem` training_not_found when it does not run. */
export async function cancelTraining(client: Client, storeId: string, { training, variant }: TrainingId): Promise<void> {
  await cancelRunning(client, storeId, trainingWorkflow(training, variant));
}
