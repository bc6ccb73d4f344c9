import { getJson } from '../activities/artifacts/store.ts';
import { Problem } from '../schemas/problem.ts';
import { CheckpointRecord } from '../schemas/training.ts';
import { withRecords } from './records.ts';

export interface ListedTraining {
  /** Training and variant. */
  name: string;
  /** Of the newest run that the server knows; `finished` for one that only the ledger knows. */
  state: string;
  recorded_at: string | null;
  steps: number | null;
  last_loss: number | null;
  folder: string | null;
}

/** Trainings on record and, where a server answers, those that it knows. Sorted by name. */
export async function listTrainings(): Promise<ListedTraining[]> {
  const { storeId, recorded } = await withRecords(async ({ ledger, store }) => {
    const recorded: ListedTraining[] = [];
    for (const { name, record, recorded_at } of await ledger.runs('training')) {
      const { metrics, folder } = await getJson(store, record, CheckpointRecord);
      recorded.push({ name, state: 'finished', recorded_at, steps: metrics.steps, last_loss: metrics.last_loss, folder });
    }
    return { storeId: await store.id(), recorded };
  });
  const states = await statesOf(storeId);
  const names = new Set([...recorded.map(({ name }) => name), ...states.keys()]);
  return [...names].toSorted().map((name) => {
    const found = recorded.find((run) => run.name === name) ?? { name, recorded_at: null, steps: null, last_loss: null, folder: null };
    return { ...found, state: states.get(name) ?? 'finished' };
  });
}

/** State by training and variant; empty without a server. */
async function statesOf(storeId: string): Promise<Map<string, string>> {
  const [{ withClient }, { knownTrainings }, { trainingWorkflowId }] = await Promise.all([
    import('../client/connect.ts'),
    import('../client/training-status.ts'),
    import('../workflows/contract/ids.ts'),
  ]);
  try {
    return await withClient(async (client) => {
      const states = new Map<string, string>();
      for (const { training, variant } of await knownTrainings(client, storeId)) {
        const { status } = await client.workflow.getHandle(trainingWorkflowId(training, variant)).describe();
        states.set(`${training}/${variant}`, status.name.toLowerCase());
      }
      return states;
    });
  } catch (error) {
    if (error instanceof Problem && /^temporal_(not_started|unreachable)$/.test(error.code)) return new Map();
    throw error;
  }
}
