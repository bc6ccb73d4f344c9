import type { ArtifactRef } from '../../schemas/artifact-ref.ts';
import { CampaignPlan } from '../../schemas/campaign-plan.ts';
import type { EvaluationFile } from '../../schemas/evaluation.ts';
import { EvaluationRecord } from '../../schemas/evaluation-record.ts';
import { type BenchmarkRows, EvaluationPlan, type PlannedEvaluation } from '../../schemas/evaluation-run.ts';
import { Problem } from '../../schemas/problem.ts';
import { evaluationCampaign } from '../../workflows/contract/ids.ts';
import { getJson, putJson } from '../artifacts/store.ts';
import { cellsOf, planCampaign } from '../planning/index.ts';
import type { BenchmarkInstance } from './benchmarks/benchmark.ts';
import { chooseInstances, setHash } from './benchmarks/choose-instances.ts';
import { findCheckpoint } from './checkpoint.ts';
import type { EvaluationNeeds, Work } from './evaluation-needs.ts';
import { inputsHash } from './inputs-hash.ts';
import { rolloutCampaign } from './rollout-campaign.ts';

/** Stands for the address of a server that has yet to be started. */
const unknownAddress = 'http://127.0.0.1:0/v1';

/**
 * Reads everything that an evaluation file names, before anything is spent: rows of the benchmark, texts of the harnesses,
 * the model. Throws `Problem` bad_evaluation, benchmark_…, grader_…, bad_subset, bad_campaign,
 * template_bad or mode_unsupported.
 */
export async function readEvaluation(file: EvaluationFile, needs: EvaluationNeeds, work: Work): Promise<EvaluationPlan> {
  checkKeys(file, needs);
  const checkpoint = await findCheckpoint(file, needs, work);
  work.tell(`reading benchmark ${file.benchmark.name}`);
  const set = await needs.readBenchmark(file.benchmark, work);
  const { data_sha256, form, notes } = set;
  const instances = chosenInstances(file, set.instances);
  if (file.grader !== 'none' && form !== 'none') {
    work.tell(`checking the grader ${form}`);
    await needs.graders.check(file, form, instances, work);
  }
  // The base of a training's model holds where the file names none.
  const model = { ...file.model, ...(checkpoint !== null && { base: checkpoint.base }) };
  const campaign = rolloutCampaign({ ...file, model }, addressOf(file, checkpoint));
  const planning = {
    ...needs.planning,
    readTasks: async function* () {
      for (const { instance_id, task } of instances) yield { ok: true, place: instance_id, task } as const;
    },
  };
  const rollouts = await planCampaign(campaign, needs.store, planning, (count) => {
    work.signal.throwIfAborted();
    work.tell(`${count} of ${instances.length} tasks stored`);
  });
  const rows: BenchmarkRows = instances.map(({ instance_id, no_cross_check, row }) => ({ instance_id, no_cross_check, row }));
  return EvaluationPlan.parse({
    file,
    benchmark: {
      name: file.benchmark.name,
      data_sha256,
      set_sha256: setHash(instances),
      instances: instances.map(({ instance_id, repo, language }) => ({ instance_id, repo, language })),
    },
    form,
    rows: await putJson(needs.store, rows),
    notes,
    checkpoint,
    rollouts,
    inputs_sha256: inputsHash(rollouts),
  });
}

/**
 * Stores the plan and says what is left to do. Throws `Problem` evaluation_changed when an evaluation of this name has
 * rollouts of other inputs: one score never mixes two models or two sets.
 */
export async function planEvaluation(file: EvaluationFile, needs: EvaluationNeeds, work: Work): Promise<PlannedEvaluation> {
  const plan = await readEvaluation(file, needs, work);
  const before = await earlierRollouts(plan, needs);
  if (before !== null && before.inputs_sha256 !== plan.inputs_sha256) {
    const campaign = evaluationCampaign(file.name);
    throw new Problem(
      'evaluation_changed',
      `evaluation ${file.name} has rollouts of other inputs (${differences(before.plan, plan.rollouts)})`,
      {
        hint: `give the evaluation another name, or forget what it has: tracemill campaign remove ${campaign} --yes`,
      },
    );
  }
  const ref = await putJson(needs.store, plan);
  const { serve, endpoint } = file.model;
  return {
    plan: ref,
    inputs_sha256: plan.inputs_sha256,
    instances: plan.benchmark.instances.length,
    rollouts: plan.rollouts.tasks.length * cellsOf(plan.rollouts.campaign).length,
    serving: serve === undefined ? null : { backend: serve.backend, restarts: serve.restarts },
    base_url: endpoint?.base_url ?? null,
    finished: before === null || !before.done ? null : await finishedRecord(plan, needs),
    rollouts_done: before?.done === true,
  };
}

/** Rollouts that are on the ledger under the evaluation's name. */
async function earlierRollouts(
  { file }: EvaluationPlan,
  { ledger, store }: EvaluationNeeds,
): Promise<{ plan: CampaignPlan; inputs_sha256: string; done: boolean } | null> {
  const name = evaluationCampaign(file.name);
  const ref = (await ledger.campaign(name))?.plan ?? null;
  if (ref === null) return null;
  const plan = await getJson(store, ref, CampaignPlan);
  const end = await ledger.campaignEnd(name);
  const { total } = await ledger.campaignFunnel(name);
  const done = end?.progress.state === 'done' && total.planned > 0 && total.open + total.lost === 0;
  return { plan, inputs_sha256: inputsHash(plan), done };
}

/** The record of an evaluation of the same inputs, graded in the same way, in which nothing is missing. */
async function finishedRecord(
  { file, form, inputs_sha256 }: EvaluationPlan,
  { ledger, store }: EvaluationNeeds,
): Promise<ArtifactRef | null> {
  const run = await ledger.run('evaluation', file.name);
  if (run === null) return null;
  const record = await getJson(store, run.record, EvaluationRecord);
  const complete = record.outcomes.every(({ verdict }) => verdict !== 'infra_error' && verdict !== 'not_run');
  const graded = (record.grader === null) === (file.grader === 'none' || form === 'none');
  return complete && graded && record.model.facts['inputs_sha256'] === inputs_sha256 ? run.record : null;
}

function checkKeys({ name, model }: EvaluationFile, { variable }: EvaluationNeeds): void {
  const wanted = model.endpoint?.api_key_env;
  if (wanted === undefined || (variable(wanted) ?? '') !== '') return;
  throw new Problem('bad_evaluation', `evaluation ${name}: the worker has no variable ${wanted} (model.endpoint.api_key_env)`, {
    hint: `start the worker with ${wanted} in its environment`,
  });
}

function chosenInstances({ name, subset, only, benchmark }: EvaluationFile, all: readonly BenchmarkInstance[]): BenchmarkInstance[] {
  const known = new Set(all.map(({ instance_id }) => instance_id));
  const absent = (only ?? []).filter((id) => !known.has(id));
  if (absent.length > 0) {
    const first = absent.slice(0, 5).join(', ');
    throw new Problem('bad_evaluation', `evaluation ${name}: only: benchmark ${benchmark.name} has no instance ${first}`, {
      hint: 'instance ids are written as the rows of the benchmark have them',
    });
  }
  if (subset !== undefined) return chooseInstances(all, subset).chosen;
  const wanted = only === undefined ? undefined : new Set(only);
  return all.filter(({ instance_id }) => wanted?.has(instance_id) ?? true);
}

/** The served name holds the checkpoint, so that every trajectory says which one it is of. */
function addressOf({ model }: EvaluationFile, checkpoint: EvaluationPlan['checkpoint']) {
  if (model.endpoint !== undefined) return model.endpoint;
  return { base_url: unknownAddress, model: servedName(model.name, checkpoint) };
}

function servedName(name: string, checkpoint: EvaluationPlan['checkpoint']): string {
  return checkpoint === null ? name : `${name}-${checkpoint.sha256.slice(0, 8)}`;
}

function differences(before: CampaignPlan, now: CampaignPlan): string {
  const modelsOf = ({ campaign }: CampaignPlan) =>
    [...new Set(Object.values(campaign.teachers).map(({ model }) => model))].sort().join(', ');
  const parts: [string, string, string][] = [
    ['model', modelsOf(before), modelsOf(now)],
    ['instances', String(before.tasks.length), String(now.tasks.length)],
    ['runs', String(before.campaign.samples), String(now.campaign.samples)],
    ['harnesses', Object.keys(before.campaign.harnesses).sort().join(', '), Object.keys(now.campaign.harnesses).sort().join(', ')],
    ['modes', Object.keys(before.campaign.modes).join(', '), Object.keys(now.campaign.modes).join(', ')],
  ];
  const changed = parts.filter(([, a, b]) => a !== b).map(([what, a, b]) => `${what}: ${a} before, ${b} now`);
  return changed.join('; ') || 'tasks, texts, sampling or settings of a harness differ';
}
