import { join } from 'node:path';
import type { ArtifactRef } from '../../schemas/artifact-ref.ts';
import { type EvaluationOutcome, EvaluationRecord } from '../../schemas/evaluation-record.ts';
import type { EvaluationGrading } from '../../schemas/evaluation-grading.ts';
import {
  BenchmarkRows,
  type EvaluationPlan,
  type EvaluationResult,
  type FinishEvaluationInput,
  type OutcomeCounts,
} from '../../schemas/evaluation-run.ts';
import type { LedgerEntry } from '../../schemas/ledger-entry.ts';
import { rolloutId } from '../../schemas/rollout-id.ts';
import { Trajectory } from '../../schemas/trajectory.ts';
import { Verdict } from '../../schemas/verdict.ts';
import { evaluationCampaign } from '../../workflows/contract/ids.ts';
import { getJson, putJson } from '../artifacts/store.ts';
import { cellsOf } from '../planning/index.ts';
import { reasonOf } from './comparison.ts';
import type { EvaluationNeeds, PatchToGrade, Work } from './evaluation-needs.ts';
import { modelFacts } from './model-facts.ts';
import { notRun, outcomeOf } from './outcomes.ts';

type Stores = Pick<EvaluationNeeds, 'store' | 'ledger'>;

/** The patches of all rollouts that ended, in the order of the ledger. */
export async function patchesOf({ file }: EvaluationPlan, { ledger, store }: Stores, { signal, tell }: Work): Promise<PatchToGrade[]> {
  const patches: PatchToGrade[] = [];
  for await (const { key, trajectory } of ledger.entries(evaluationCampaign(file.name))) {
    signal.throwIfAborted();
    if (trajectory === null) continue;
    const { model_patch } = await getJson(store, trajectory, Trajectory);
    patches.push({ instance_id: key.instance_id, harness: key.harness, mode: key.mode, run: key.sample, model_patch });
    tell(`${patches.length} predictions read`);
  }
  return patches;
}

/**
 * Puts the record of an evaluation into the store and on the ledger, and writes its report. The same outcomes give the same
 * record, with the times of the first.
 */
export async function finishEvaluation(
  plan: EvaluationPlan,
  input: Pick<FinishEvaluationInput, 'canary' | 'server' | 'started_at'> & { grading: EvaluationGrading | null },
  needs: EvaluationNeeds,
  work: Work,
): Promise<EvaluationResult> {
  const { store, ledger } = needs;
  const { name } = plan.file;
  const previous = await ledger.run('evaluation', name);
  const known = previous === null ? null : await getJson(store, previous.record, EvaluationRecord);
  const made = await recordOf(plan, input, known, needs, work);
  const same =
    known !== null &&
    JSON.stringify({ ...made, started_at: '', ended_at: '' }) === JSON.stringify({ ...known, started_at: '', ended_at: '' });
  const record = same ? known : made;
  const ref = await putJson(store, record);
  await ledger.recordRun({ kind: 'evaluation', name, record: ref, recorded_at: record.ended_at });
  return await resultOf(record, ref, needs, same);
}

/** Writes the report of a record that is there. */
export async function finishedEvaluation(ref: ArtifactRef, needs: EvaluationNeeds): Promise<EvaluationResult> {
  return await resultOf(await getJson(needs.store, ref, EvaluationRecord), ref, needs, true);
}

async function resultOf(record: EvaluationRecord, ref: ArtifactRef, needs: EvaluationNeeds, unchanged: boolean): Promise<EvaluationResult> {
  const folder = folderOf(record.name, needs);
  await needs.writeReport(record, folder);
  return { evaluation: record.name, record: ref, folder, counts: countsOf(record.outcomes), unchanged };
}

export function folderOf(evaluation: string, { folders }: Pick<EvaluationNeeds, 'folders'>): string {
  return join(folders.evaluations, evaluation);
}

async function recordOf(
  plan: EvaluationPlan,
  { canary, server, started_at, grading }: Parameters<typeof finishEvaluation>[1],
  known: EvaluationRecord | null,
  needs: Stores,
  work: Work,
): Promise<EvaluationRecord> {
  const { file, benchmark, rollouts } = plan;
  const tasks = await needs.ledger.tasks(evaluationCampaign(file.name));
  const wanted = new Set(benchmark.instances.map(({ instance_id }) => instance_id));
  const refused = tasks
    .filter(({ instance_id, gate }) => wanted.has(instance_id) && gate?.passed === false)
    .map(({ instance_id }) => instance_id);
  const cells = cellsOf(rollouts.campaign).filter(({ sample }) => sample === 0);
  return EvaluationRecord.parse({
    format: 1,
    name: file.name,
    benchmark: {
      ...benchmark,
      gold_failures: [...new Set([...refused, ...(grading?.gold_failures ?? [])])].sort(),
    },
    model: { name: file.model.name, facts: modelFacts(plan, canary, server, known) },
    grader: grading === null ? null : { name: grading.name, version: grading.version },
    protocol: {
      cells: cells.map(({ harness, mode }) => ({ harness, mode })),
      runs: file.runs,
      max_turns: file.max_turns,
      context_tokens: file.context_tokens,
      seed: file.subset?.seed ?? 0,
      trained_tokens: file.model.trained_tokens ?? plan.checkpoint?.trained_tokens ?? null,
    },
    outcomes: await outcomesOf(plan, grading, needs, work),
    started_at,
    ended_at: new Date().toISOString(),
  });
}

/** One outcome for each planned rollout, in the order of instances and cells. */
async function outcomesOf(
  plan: EvaluationPlan,
  grading: EvaluationGrading | null,
  { ledger, store }: Stores,
  work: Work,
): Promise<EvaluationOutcome[]> {
  const { file, rollouts } = plan;
  const campaign = evaluationCampaign(file.name);
  const rows = await getJson(store, plan.rows, BenchmarkRows);
  const unchecked = new Set(rows.filter(({ no_cross_check }) => no_cross_check !== null).map(({ instance_id }) => instance_id));
  const grades = new Map((grading?.grades ?? []).map((grade) => [placeOf(grade), grade]));
  const outcomes = new Map<string, EvaluationOutcome>();
  for await (const entry of ledger.entries(campaign)) {
    work.signal.throwIfAborted();
    const trajectory = await trajectoryOf(entry, store);
    const { instance_id, harness, mode, sample: run } = entry.key;
    const grade = grades.get(placeOf({ instance_id, harness, mode, run }));
    const outcome = outcomeOf(entry, trajectory, grade?.verdict, !unchecked.has(instance_id));
    const disagreement = grade === undefined ? {} : await disagreementOn(outcome, grade, entry, store);
    outcomes.set(rolloutId(entry.key), { ...outcome, ...disagreement });
    work.tell(`${outcomes.size} outcomes read`);
  }
  return rollouts.tasks.flatMap(({ instance_id }) =>
    cellsOf(rollouts.campaign).map(({ harness, mode, sample }) => {
      const key = { campaign, instance_id, harness, mode, sample };
      return outcomes.get(rolloutId(key)) ?? notRun(key);
    }),
  );
}

/** Looked into only where one of the two says resolved and the other does not. */
async function disagreementOn(
  { ours, verdict, graded_by }: EvaluationOutcome,
  { detail, failed }: EvaluationGrading['grades'][number],
  entry: LedgerEntry,
  store: EvaluationNeeds['store'],
): Promise<Pick<EvaluationOutcome, 'disagreement'>> {
  if (graded_by !== 'grader' || (ours !== 0 && ours !== 1) || (verdict === 'resolved') === (ours === 1) || entry.verdict === null)
    return {};
  const own = await getJson(store, entry.verdict.ref, Verdict);
  return { disagreement: reasonOf({ verdict, detail, tests: { passed: [], failed } }, own) };
}

async function trajectoryOf({ trajectory }: LedgerEntry, store: EvaluationNeeds['store']): Promise<Trajectory | null> {
  return trajectory === null ? null : await getJson(store, trajectory, Trajectory);
}

function placeOf({ instance_id, harness, mode, run }: Omit<PatchToGrade, 'model_patch'>): string {
  return `${instance_id} ${harness} ${mode} ${run}`;
}

function countsOf(outcomes: readonly EvaluationOutcome[]): OutcomeCounts {
  const count = (verdict: EvaluationOutcome['verdict']) => outcomes.filter((outcome) => outcome.verdict === verdict).length;
  return { outcomes: outcomes.length, resolved: count('resolved'), infra_errors: count('infra_error'), not_run: count('not_run') };
}
