import { heartbeating } from '../../platform/heartbeating.ts';
import { EvaluationFile } from '../../schemas/evaluation.ts';
import { EvaluationGrading } from '../../schemas/evaluation-grading.ts';
import type { EvaluationHeartbeat } from '../../schemas/evaluation-heartbeat.ts';
import { type CanaryReport, EvaluationPlan } from '../../schemas/evaluation-run.ts';
import type { ArtifactRef } from '../../schemas/artifact-ref.ts';
import { Problem } from '../../schemas/problem.ts';
import type { EvaluationActivities } from '../../workflows/contract/evaluation-activities.ts';
import { getJson, putJson } from '../artifacts/store.ts';
import { recordPlan, runOf } from '../planning/index.ts';
import { runCanary } from './canary/canary.ts';
import type { EvaluationNeeds, Work } from './evaluation-needs.ts';
import { finishedEvaluation, finishEvaluation, folderOf, patchesOf } from './finish-evaluation.ts';
import { instancesOf } from './planned-instances.ts';
import { planEvaluation } from './plan-evaluation.ts';
import { modesOf } from './rollout-campaign.ts';
import { rolloutsAt } from './rollouts-at.ts';
import { awaitServer, watchServer } from './serving/await-server.ts';
import { startServer, stopServer } from './serving/server.ts';

/** The steps of an evaluation, bound to the outside. */
export function createEvaluationActivities(needs: EvaluationNeeds): EvaluationActivities {
  const { store, ledger } = needs;
  const planOf = (ref: ArtifactRef) => getJson(store, ref, EvaluationPlan);
  return {
    planEvaluation: ({ file }) => working((work) => planEvaluation(EvaluationFile.parse(file), needs, work)),

    startServer: ({ plan }) => working(async (work) => startServer(await planOf(plan), needs, work)),

    awaitServer: ({ plan, server }) => working(async (work) => awaitServer(await planOf(plan), server, needs, work)),

    watchServer: ({ server }) => working((work) => watchServer(server, needs, work)),

    stopServer: ({ server }) => working(() => stopServer(server, needs)),

    runCanary: ({ plan: ref, base_url }) =>
      working(async ({ signal, tell }) => {
        const plan = await planOf(ref);
        const { campaign } = rolloutsAt(plan, base_url);
        const reports: CanaryReport[] = [];
        for (const mode of modesOf(plan.file)) {
          tell(`canary in mode ${mode}`);
          const teacher = campaign.teachers[campaign.modes[mode] ?? ''];
          if (teacher === undefined) throw new Problem('bad_evaluation', `evaluation ${plan.file.name} has no model in mode ${mode}`);
          const apiKey = teacher.api_key_env === undefined ? null : (needs.variable(teacher.api_key_env) ?? null);
          const { canary: strictness, context_tokens } = plan.file;
          reports.push(await runCanary(mode, teacher, { strictness, context_tokens, apiKey, signal }));
        }
        return reports;
      }),

    planRollouts: ({ plan: ref, base_url }) =>
      working(async () => {
        const plan = rolloutsAt(await planOf(ref), base_url);
        return { run: runOf(plan, await recordPlan(plan, store, ledger)), finished: null };
      }),

    gradeEvaluation: ({ plan: ref }) =>
      working(async (work) => {
        const plan = await planOf(ref);
        if (plan.file.grader === 'none' || plan.form === 'none') return null;
        const [patches, instances] = [await patchesOf(plan, needs, work), await instancesOf(plan, store)];
        const grading = await needs.graders.grade(plan, instances, patches, folderOf(plan.file.name, needs), work);
        return await putJson(store, EvaluationGrading.parse(grading));
      }),

    finishEvaluation: ({ plan: ref, grading, canary, server, started_at }) =>
      working(async (work) => {
        const graded = grading === null ? null : await getJson(store, grading, EvaluationGrading);
        return await finishEvaluation(await planOf(ref), { grading: graded, canary, server, started_at }, needs, work);
      }),

    finishedEvaluation: ({ record }) => working(() => finishedEvaluation(record, needs)),
  };
}

async function working<T>(work: (work: Work) => Promise<T>): Promise<T> {
  return await heartbeating(({ signal, beat }) => work({ signal, tell: (doing) => beat({ doing } satisfies EvaluationHeartbeat) }));
}
