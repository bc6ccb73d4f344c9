import { join } from 'node:path';
import { paths } from '../../platform/home.ts';
import type { ArtifactRef } from '../../schemas/artifact-ref.ts';
import type { Cell } from '../../schemas/campaign.ts';
import { GateRecord } from '../../schemas/gate.ts';
import type { PreparedImage } from '../../schemas/prepared-image.ts';
import type { GateResult } from '../../schemas/gate-result.ts';
import type { VerificationResult } from '../../schemas/verification-result.ts';
import { Trajectory } from '../../schemas/trajectory.ts';
import type { Verdict } from '../../schemas/verdict.ts';
import { getJson, putJson } from '../artifacts/store.ts';
import type { ActivityContext } from '../../workers/context.ts';
import { heartbeating } from '../../platform/heartbeating.ts';
import { recordedAttempt } from '../ledger/recorded-attempt.ts';
import { patchFacts } from '../patches/patch-facts.ts';
import { gateCacheIn } from './gate-cache.ts';
import { gateProblem, gateRemarks } from './gate-findings.ts';
import { runGate } from './gate.ts';
import { verifyPatch } from './verify.ts';

interface VerificationInput {
  campaign: string;
  plan: ArtifactRef;
  task: ArtifactRef;
  cell: Cell;
  image: PreparedImage;
  trajectory: ArtifactRef;
}

/** Test runs in containers that no agent touched. */
export function createVerificationActivities({ docker, store, plans, index }: ActivityContext) {
  return {
    async gate({ plan, task, image }: { plan: ArtifactRef; task: ArtifactRef; image: PreparedImage }): Promise<GateResult> {
      return heartbeating(async ({ signal }) => {
        const { name, verification } = (await plans.plan(plan)).campaign;
        const record = await runGate({
          docker,
          task: await plans.task(task),
          image: image.image_id,
          imageDigest: image.image_id,
          runs: verification.gate_runs,
          timeoutMs: verification.timeout_seconds * 1000,
          cache: gateCacheIn(join(paths.cache(), 'gate')),
          signal,
        });
        const { passed } = record;
        const reason = passed ? record.detail : `${record.reason}: ${record.detail}`;
        const known = index.task(name, record.instance_id);
        if (known !== null) index.recordTask({ ...known, gate: { passed, reason }, remarks: gateRemarks(record) });
        const problem = gateProblem(record);
        return { passed, reason, ...(problem && { problem }), record: await putJson(store, record) };
      });
    },

    async verify(input: VerificationInput & { gate: ArtifactRef }): Promise<VerificationResult> {
      return heartbeating(async ({ signal }) => {
        const [{ campaign }, task, trajectory, gate] = await Promise.all([
          plans.plan(input.plan),
          plans.task(input.task),
          getJson(store, input.trajectory, Trajectory),
          getJson(store, input.gate, GateRecord),
        ]);
        const { verdict, log } = await recordedAttempt(index, trajectory.key, 'verification', () =>
          verifyPatch({
            docker,
            task,
            image: input.image.image_id,
            modelPatch: trajectory.model_patch,
            timeoutMs: campaign.verification.timeout_seconds * 1000,
            gate,
            signal,
          }),
        );
        const kept: Verdict = log === '' ? verdict : { ...verdict, log: await store.put(Buffer.from(log), 'text/plain') };
        return { verdict: await putJson(store, kept), resolved: kept.resolved, reason: kept.reason };
      });
    },
  };
}

/** What is put on record where no test run came about. */
export function createVerificationRecords({ store, plans }: ActivityContext) {
  return {
    /** The verdict -1 of a patch that infrastructure kept from being tested. */
    async recordUnverified({ task, trajectory, reason }: VerificationInput & { reason: string }): Promise<VerificationResult> {
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
