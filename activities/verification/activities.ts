import { GateRecord } from '../../schemas/gate.ts';
import { Trajectory } from '../../schemas/trajectory.ts';
import type { Verdict } from '../../schemas/verdict.ts';
import type { UnverifiedActivities, VerificationActivities } from '../../workflows/contract/activities.ts';
import { type ArtifactStore, getJson, putJson } from '../artifacts/store.ts';
import type { Ledger } from '../ledger/ledger.ts';
import type { PlanReader } from '../planning/index.ts';
import { heartbeating } from '../../platform/heartbeating.ts';
import { recordedAttempt } from '../ledger/recorded-attempt.ts';
import { type HomeEngine, imageRemarks } from '../sandbox/index.ts';
import { patchFacts } from '../patches/patch-facts.ts';
import { gateCacheIn } from './gate-cache.ts';
import { gateProblem, gateRemarks } from './gate-findings.ts';
import { runGate } from './gate.ts';
import { testLimits } from './test-limits.ts';
import { verifyPatch } from './verify.ts';

export interface VerificationNeeds {
  engine: HomeEngine;
  store: ArtifactStore;
  plans: PlanReader;
  ledger: Ledger;
  /** Folder of gate results that later campaigns find again. */
  gateCache: string;
}

export function createVerificationActivities({ engine, store, plans, ledger, gateCache }: VerificationNeeds): VerificationActivities {
  return {
    async gate({ plan, task, image }) {
      return heartbeating(async ({ signal }) => {
        const { name, verification, sandbox } = (await plans.plan(plan)).campaign;
        const record = await runGate({
          engine,
          task: await plans.task(task),
          image: image.image_id,
          imageDigest: image.image_id,
          runs: verification.gate_runs,
          timeoutMs: verification.timeout_seconds * 1000,
          cache: gateCacheIn(gateCache),
          limits: testLimits(sandbox),
          signal,
        });
        const { passed } = record;
        const reason = passed ? record.detail : `${record.reason}: ${record.detail}`;
        await ledger.changeTask(name, record.instance_id, {
          gate: { passed, reason },
          remarks: [...imageRemarks(image), ...gateRemarks(record)],
        });
        const problem = gateProblem(record);
        return { passed, reason, ...(problem && { problem }), record: await putJson(store, record) };
      });
    },

    async verify(input) {
      return heartbeating(async ({ signal }) => {
        const [{ campaign }, task, trajectory, gate] = await Promise.all([
          plans.plan(input.plan),
          plans.task(input.task),
          getJson(store, input.trajectory, Trajectory),
          getJson(store, input.gate, GateRecord),
        ]);
        const { verdict, log } = await recordedAttempt(ledger, trajectory.key, 'verification', () =>
          verifyPatch({
            engine,
            task,
            image: input.image.image_id,
            modelPatch: trajectory.model_patch,
            timeoutMs: campaign.verification.timeout_seconds * 1000,
            gate,
            limits: testLimits(campaign.sandbox),
            signal,
          }),
        );
        const kept: Verdict = log === '' ? verdict : { ...verdict, log: await store.put(Buffer.from(log), 'text/plain') };
        return { verdict: await putJson(store, kept), resolved: kept.resolved, reason: kept.reason };
      });
    },
  };
}

export function createUnverifiedActivities({ store, plans }: Pick<VerificationNeeds, 'store' | 'plans'>): UnverifiedActivities {
  return {
    async recordUnverified({ task, trajectory, reason }) {
      const { model_patch } = await getJson(store, trajectory, Trajectory);
      const verdict: Verdict = {
        resolved: -1,
        reason: 'infrastructure',
        detail: reason,
        fail_to_pass: { passed: [], failed: [] },
        pass_to_pass: { passed: [], failed: [] },
        exit_codes: [],
        duration_ms: 0,
        facts: patchFacts(await plans.task(task), model_patch),
      };
      return { verdict: await putJson(store, verdict), resolved: -1, reason: verdict.reason };
    },
  };
}
