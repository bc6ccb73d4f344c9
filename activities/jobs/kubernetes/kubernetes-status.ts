import type { JobState, JobStatus } from '../../../schemas/job.ts';
import type { RunResult } from '../run-folder.ts';
import { exitInWords, statusOfResult } from '../run-result.ts';
import { restartLabel } from './job-object.ts';
import type { Condition, JobObject, Pod } from './objects.ts';

/** What the run folder says of a submission. */
export interface Traces {
  result: RunResult | null;
  request: 'checkpoint' | 'cancel' | null;
  /** Whether it was told to end before its program started, so that it never will. */
  barred: boolean;
  /** How it ended as the API told it earlier; the object may be gone since. */
  ended: JobStatus | null;
}

/** What took a pod away: the reason of its DisruptionTarget condition, or of the pod itself. */
const takenAway: Record<string, JobState> = {
  PreemptionByScheduler: 'preempted',
  Preempting: 'preempted',
  EvictionByEvictionAPI: 'preempted',
  TerminationByKubelet: 'preempted',
  Evicted: 'preempted',
  Terminated: 'preempted',
  NodeShutdown: 'preempted',
  DeletionByTaintManager: 'node_failed',
  DeletionByPodGC: 'node_failed',
  NodeLost: 'node_failed',
  NodeAffinity: 'node_failed',
  UnexpectedAdmissionError: 'node_failed',
};

/**
 * The state of a job. A result in the run folder says more than the API. `job`: null when the API does not know it, or knows
 * another one by that name; `pods`: null when they may not be listed.
 */
export function kubernetesStatus(job: JobObject | null, pods: readonly Pod[] | null, traces: Traces): JobStatus {
  const { result, request, barred, ended } = traces;
  const failed = conditionOf(job?.status?.conditions, 'Failed');
  const restarts = Math.max(0, ...(pods ?? []).map((pod) => Number(pod.metadata.labels?.[restartLabel] ?? 0) || 0));
  const told = (state: JobState, detail: string, exit_code: number | null = null): JobStatus => ({ state, exit_code, detail, restarts });
  const over = failed !== undefined || conditionOf(job?.status?.conditions, 'Complete') !== undefined;
  // Of a start before this one, it says nothing.
  const current = result !== null && (result.restart >= restarts || over || job === null);
  if (result !== null && current) return ofResult(result, request, failed, pods);
  if (ended !== null) return ended;
  if (barred) return told(stateOfRequest(request), 'told to end before it started');
  if (job === null) {
    if (request !== null) return told(stateOfRequest(request), `Kubernetes does not know it any more; ${request} was asked`);
    return told('lost', 'Kubernetes does not know it any more, and it left no result');
  }
  const name = job.metadata.name;
  if (!over) {
    const { state, detail } = progressOf(job, pods);
    return told(state, `${name}: ${detail}`);
  }
  const end = endOf(failed, pods ?? []);
  const words = `${name}: ${end.detail}`;
  if (end.state === 'failed' && request !== null) return told(stateOfRequest(request), `${words}; ${request} was asked`, end.exitCode);
  return told(end.state, words, end.exitCode);
}

function ofResult(result: RunResult, request: Traces['request'], failed: Condition | undefined, pods: readonly Pod[] | null): JobStatus {
  const status = statusOfResult(result, request, failed?.reason === 'DeadlineExceeded');
  // The kernel's count is of the machine, and some containers do not see it.
  const memory = result.exit_code === 137 && (pods ?? []).some((pod) => terminatedOf(pod)?.reason === 'OOMKilled');
  return status.state === 'failed' && memory
    ? { ...status, state: 'out_of_memory', detail: `its container was killed for want of memory; ${status.detail}` }
    : status;
}

function progressOf(job: JobObject, pods: readonly Pod[] | null): { state: 'pending' | 'running'; detail: string } {
  const leaving = typeof job.metadata.deletionTimestamp === 'string' ? ', being deleted' : '';
  if (pods === null) {
    const active = (job.status?.active ?? 0) > 0;
    return { state: active ? 'running' : 'pending', detail: `${active ? 'active' : 'not active'}; its pods may not be listed${leaving}` };
  }
  const running = pods.filter(isRunning);
  if (running.length > 0) {
    const where = running.map((pod) => pod.spec?.nodeName ?? 'an unknown node').join(', ');
    return { state: 'running', detail: `on ${where}${leaving}` };
  }
  const finished = pods.find((pod) => terminatedOf(pod) !== undefined);
  if (finished !== undefined) return { state: 'running', detail: `its program ended, the cluster has not noted it yet${leaving}` };
  if (conditionOf(job.status?.conditions, 'Suspended') !== undefined) return { state: 'pending', detail: 'suspended' };
  const why = pods.map(whyWaiting).find((text) => text !== null);
  return { state: 'pending', detail: `${why ?? 'waits for its pod'}${leaving}` };
}

function whyWaiting(pod: Pod): string | null {
  const waiting = pod.status?.containerStatuses?.map(({ state }) => state?.waiting).find((state) => state?.reason);
  if (waiting) return join(waiting.reason, waiting.message);
  const unscheduled = pod.status?.conditions?.find(({ type, status }) => type === 'PodScheduled' && status === 'False');
  return unscheduled === undefined ? null : join(unscheduled.reason, unscheduled.message);
}

function endOf(failed: Condition | undefined, pods: readonly Pod[]): { state: JobState; exitCode: number | null; detail: string } {
  // It left no result: whatever the cluster says, its program was not seen to end.
  if (failed === undefined) return { state: 'failed', exitCode: null, detail: 'Complete, without a result in its run folder' };
  const why = join(failed.reason, failed.message);
  if (failed.reason === 'DeadlineExceeded') return { state: 'timed_out', exitCode: null, detail: why };
  for (const pod of pods) {
    const ended = terminatedOf(pod);
    const disruption = conditionOf(pod.status?.conditions, 'DisruptionTarget');
    const state = takenAway[disruption?.reason ?? ''] ?? takenAway[pod.status?.reason ?? ''];
    if (ended?.reason === 'OOMKilled') return { state: 'out_of_memory', exitCode: ended.exitCode, detail: `${why}; OOMKilled` };
    if (pod.status?.reason === 'DeadlineExceeded') return { state: 'timed_out', exitCode: null, detail: join(why, pod.status.message) };
    if (state === undefined) continue;
    const words = join(disruption?.reason ?? pod.status?.reason, disruption?.message ?? pod.status?.message);
    return { state, exitCode: ended?.exitCode ?? null, detail: `${why}; ${words}` };
  }
  if (failed.reason === 'PodFailurePolicy' && /DisruptionTarget/.test(failed.message ?? '')) {
    return { state: 'preempted', exitCode: null, detail: why };
  }
  const ended = pods.map(terminatedOf).find((state) => state !== undefined && state.exitCode !== 0);
  if (ended === undefined) return { state: 'failed', exitCode: null, detail: `${why}; nothing is left of its pod` };
  const said = join(ended.reason, ended.message?.trim().split('\n').slice(-3).join(' / '));
  return { state: 'failed', exitCode: ended.exitCode, detail: `${why}; ${said}; ${exitInWords(ended.exitCode)}, without a result` };
}

function conditionOf(conditions: readonly Condition[] | null | undefined, type: string): Condition | undefined {
  return conditions?.find((condition) => condition.type === type && condition.status === 'True');
}

function terminatedOf(pod: Pod) {
  return pod.status?.containerStatuses?.map(({ state }) => state?.terminated ?? undefined).find((state) => state !== undefined);
}

function isRunning(pod: Pod): boolean {
  return pod.status?.containerStatuses?.some(({ state }) => state?.running) ?? false;
}

function stateOfRequest(request: Traces['request']): JobState {
  return request === 'cancel' ? 'cancelled' : 'preempted';
}

function join(...words: (string | null | undefined)[]): string {
  return words.filter((word) => word !== undefined && word !== null && word !== '').join(': ');
}
