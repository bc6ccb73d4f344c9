import type { Client } from '@temporalio/client';
import type { Ledger } from '../activities/ledger/ledger.ts';
import { evaluationOfCampaign, evaluationWorkflowId, sharedQueue } from '../workflows/contract/ids.ts';

export interface ListedEvaluation {
  evaluation: string;
  /** State of its newest run; `unknown` when the server has forgotten it, or was not asked. */
  workflow: string;
  /** When its record was made; null before its first end. */
  recorded_at: string | null;
}

/** Evaluations of a store: those on its ledger and those that the server knows. `client`: undefined where no server runs. */
export async function listEvaluations(
  client: Client | undefined,
  storeId: string,
  ledger: Pick<Ledger, 'runs' | 'campaigns'>,
): Promise<ListedEvaluation[]> {
  const recorded = new Map((await ledger.runs('evaluation')).map(({ name, recorded_at }) => [name, recorded_at]));
  const begun = (await ledger.campaigns()).flatMap(({ campaign }) => evaluationOfCampaign(campaign) ?? []);
  const known = client === undefined ? new Map<string, string>() : await onServer(client, storeId);
  const names = new Set([...recorded.keys(), ...begun, ...known.keys()]);
  return [...names].sort().map((evaluation) => ({
    evaluation,
    workflow: known.get(evaluation) ?? 'unknown',
    recorded_at: recorded.get(evaluation) ?? null,
  }));
}

async function onServer(client: Client, storeId: string): Promise<Map<string, string>> {
  const newest = new Map<string, { workflow: string; since: number }>();
  const query = `WorkflowType = 'evaluation' AND TaskQueue = '${sharedQueue(storeId)}'`;
  for await (const { workflowId, status, startTime } of client.workflow.list({ query })) {
    const name = workflowId.slice(evaluationWorkflowId('').length);
    const since = startTime.getTime();
    if ((newest.get(name)?.since ?? 0) < since) newest.set(name, { workflow: status.name.toLowerCase(), since });
  }
  return new Map([...newest].map(([name, { workflow }]) => [name, workflow]));
}
