import { ActivityFailure, ApplicationFailure, isCancellation } from '@temporalio/workflow';
import type { CellInput } from '../schemas/activity-inputs.ts';
import type { ArtifactRef } from '../schemas/artifact-ref.ts';
import type { RolloutResult } from '../schemas/rollout-result.ts';
import type { RunTimeouts } from '../schemas/run-timeouts.ts';
import type { ScanResult } from '../schemas/scan-result.ts';
import type { VerificationResult } from '../schemas/verification-result.ts';
import { analysisActivities, hostActivities, HostLost, shortActivities } from './activity-proxies.ts';
import type { Place } from './place.ts';
import { reportedProblem, sentenceOf } from './reported-problem.ts';

/** What is known of a finished rollout before anything is decided on it. */
interface CellFindings {
  result: RolloutResult;
  verification: VerificationResult;
  scan: ScanResult;
}

/** One cell of a task, with the caller's settings and callbacks. */
interface CellWork<Decided> {
  input: CellInput;
  /** The record of the gate. */
  gate: ArtifactRef;
  timeouts: RunTimeouts;
  /** Where it begins. */
  place: Place;
  /** Finds a place on another host when the one in use is lost. */
  moveOn: () => Promise<Place>;
  /** Called when the teacher has been down for long: resolves when it is worth trying again. None of the rollout's time passes meanwhile. */
  untilResumed: () => Promise<void>;
  /** Called as each stage begins. */
  onStage: (stage: 'rollout' | 'verification' | 'scan' | 'decision') => void;
  /** Called once the rollout is over, before its tests. */
  onRollout: (result: RolloutResult) => void;
  /** What the caller makes of it: a row of a campaign, a score of an evaluation. */
  decide: (findings: CellFindings) => Promise<Decided>;
}

/**
 * Runs one cell of a task on a place: rollout, verification, scan, decision. A rollout whose host is lost runs again
 * from its beginning, because its journal is on that host; a finished one is only verified elsewhere. Throws what kept the
 * rollout from ending, and cancellations; tests that infrastructure keeps from ending give the verdict -1.
 */
export async function runCell<Decided>(work: CellWork<Decided>): Promise<Decided> {
  const { input, onStage } = work;
  onStage('rollout');
  const { result, place } = await onAnyHost(work, work.place, async (at) => ({
    result: await rolloutOn(work, at),
    place: at,
  }));
  work.onRollout(result);
  onStage('verification');
  const verification = await onAnyHost(work, place, (at) => verify(work, at, result));
  onStage('scan');
  const scan = await analysisActivities.scan({ ...input, trajectory: result.trajectory });
  onStage('decision');
  return work.decide({ result, verification, scan });
}

/** A rollout on one host. Its clock starts again after a long pause of its teacher. */
async function rolloutOn({ input, timeouts, untilResumed }: CellWork<unknown>, { host, image }: Place): Promise<RolloutResult> {
  for (;;) {
    try {
      return await hostActivities(host, timeouts).rollout({ ...input, image });
    } catch (error) {
      if (!(error instanceof ActivityFailure && error.cause instanceof ApplicationFailure && error.cause.type === 'teacher_paused'))
        throw error;
      await untilResumed();
    }
  }
}

/** Does something on a place, and again on another one as long as hosts are lost. */
async function onAnyHost<Result>(
  { moveOn }: Pick<CellWork<unknown>, 'moveOn'>,
  first: Place,
  act: (place: Place) => Promise<Result>,
): Promise<Result> {
  for (let place = first; ; place = await moveOn()) {
    try {
      return await act(place);
    } catch (error) {
      if (!(error instanceof HostLost)) throw error;
    }
  }
}

/** A verification that infrastructure keeps from ending leaves the row unverified; the rollout is not lost. */
async function verify(
  { input, gate, timeouts }: CellWork<unknown>,
  { host, image }: Place,
  { trajectory }: RolloutResult,
): Promise<VerificationResult> {
  try {
    return await hostActivities(host, timeouts).verify({ ...input, image, trajectory, gate });
  } catch (error) {
    if (isCancellation(error) || error instanceof HostLost) throw error;
    return shortActivities.recordUnverified({ ...input, image, trajectory, reason: sentenceOf(reportedProblem(error)) });
  }
}
