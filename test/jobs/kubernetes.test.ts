import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { failedSubmission } from '../../activities/jobs/kubernetes/ask-kubernetes.ts';
import { objectName } from '../../activities/jobs/kubernetes/job-object.ts';
import { kubernetesStatus, type Traces } from '../../activities/jobs/kubernetes/kubernetes-status.ts';
import type { Condition, JobObject, Node, Pod } from '../../activities/jobs/kubernetes/objects.ts';
import { parseQuantity, requireNodes } from '../../activities/jobs/kubernetes/require-cluster.ts';
import type { RunResult } from '../../activities/jobs/run-folder.ts';
import { JobNeeds, type JobState } from '../../schemas/job.ts';

const object = (...conditions: Partial<Condition>[]): JobObject => ({
  metadata: { name: 'train-a', uid: 'u' },
  status: { active: 1, conditions: conditions.map((condition) => ({ type: 'Failed', status: 'True', ...condition })) },
});
const pod = (status: NonNullable<Pod['status']> = {}, labels: Record<string, string> = {}): Pod => ({
  metadata: { name: 'train-a-x', labels },
  spec: { nodeName: 'one' },
  status,
});
const running = (labels?: Record<string, string>) => pod({ containerStatuses: [{ state: { running: {} } }] }, labels);
const waiting = (reason: string, message = '') => pod({ containerStatuses: [{ state: { waiting: { reason, message } } }] });
const ended = (exitCode: number, reason: string, more: NonNullable<Pod['status']> = {}) =>
  pod({ containerStatuses: [{ state: { terminated: { exitCode, reason, message: 'CUDA driver\nversion is insufficient' } } }], ...more });
const disrupted = (reason: string) => ({ conditions: [{ type: 'DisruptionTarget', status: 'True', reason, message: 'taken' }] });
const result = (more: Partial<RunResult> = {}): RunResult => ({
  format: 1,
  exit_code: 0,
  started_at: '2026-01-01T00:00:00Z',
  ended_at: '2026-01-01T01:00:00Z',
  restart: 0,
  checkpoint_asked: false,
  terminated: false,
  timed_out: false,
  oom_kills: 0,
  ...more,
});
const told = { exit_code: 143, terminated: true } as const;
const limit = { reason: 'BackoffLimitExceeded', message: 'Job has reached the specified backoff limit' };
const restarted = { 'jobset.sigs.k8s.io/restart-attempt': '1' };

describe('the state of a Kubernetes job', () => {
  const cases: [string, JobState, JobObject | null, Pod[] | null, Partial<Traces>][] = [
    ['has no pod yet', 'pending', object(), [], {}],
    ['cannot fetch its image', 'pending', object(), [waiting('ImagePullBackOff', 'not found')], {}],
    ['is suspended', 'pending', object({ type: 'Suspended' }), [], {}],
    ['runs', 'running', object(), [running()], {}],
    ['runs, and its pods may not be listed', 'running', object(), null, {}],
    ['ended a moment ago', 'running', object(), [ended(0, 'Completed')], {}],
    ['left a result before the cluster noted its end', 'completed', object(), [running()], { result: result() }],
    ['completed', 'completed', object({ type: 'Complete' }), [ended(0, 'Completed')], { result: result() }],
    ['completed without a result', 'failed', object({ type: 'Complete' }), [ended(0, 'Completed')], {}],
    ['failed by an exit code', 'failed', object(limit), [ended(7, 'Error')], { result: result({ exit_code: 7 }) }],
    ['failed before its program was watched', 'failed', object(limit), [ended(128, 'StartError')], {}],
    ['failed, and its pod is gone', 'failed', object(limit), [], {}],
    [
      'ran out of its own time',
      'timed_out',
      object({ type: 'Complete' }),
      [],
      { result: result({ timed_out: true, checkpoint_asked: true }) },
    ],
    ['ran out of the time of the object', 'timed_out', object({ reason: 'DeadlineExceeded' }), [], {}],
    ['ran out of it, and wrote a checkpoint', 'timed_out', object({ reason: 'DeadlineExceeded' }), [], { result: result(told) }],
    ['ran out of the time of the pod', 'timed_out', object(limit), [pod({ reason: 'DeadlineExceeded' })], {}],
    ['was killed with its container for want of memory', 'out_of_memory', object(limit), [ended(137, 'OOMKilled')], {}],
    [
      'lost its program for want of memory',
      'out_of_memory',
      object(limit),
      [ended(137, 'OOMKilled')],
      { result: result({ exit_code: 137 }) },
    ],
    ['was preempted', 'preempted', object(limit), [ended(137, 'Error', disrupted('PreemptionByScheduler'))], {}],
    ['was evicted', 'preempted', object(limit), [pod({ reason: 'Evicted', message: 'The node was low on resource' })], {}],
    ['was on a node that shut down', 'preempted', object(limit), [ended(143, 'Error', disrupted('TerminationByKubelet'))], {}],
    ['was on a node that was lost', 'node_failed', object(limit), [ended(137, 'Error', disrupted('DeletionByTaintManager'))], {}],
    ['was on a node that never came back', 'node_failed', object(limit), [pod({ reason: 'NodeLost' })], {}],
    [
      'was taken away, and nothing is left of its pod',
      'preempted',
      object({ reason: 'PodFailurePolicy', message: 'Pod default/a has condition DisruptionTarget matching FailJob rule at index 0' }),
      [],
      {},
    ],
    ['was told to end by the cluster', 'preempted', object(limit), [ended(143, 'Error')], { result: result(told) }],
    ['wrote a checkpoint when asked', 'preempted', object(), [], { result: result({ checkpoint_asked: true }), request: 'checkpoint' }],
    ['was cancelled', 'cancelled', null, [], { result: result(told), request: 'cancel' }],
    ['was cancelled without a result', 'cancelled', null, [], { request: 'cancel' }],
    ['was killed on request', 'cancelled', object(limit), [ended(137, 'Error')], { request: 'cancel' }],
    ['was told to end before it started', 'preempted', object(), [], { barred: true, request: 'checkpoint' }],
    ['was deleted by somebody else', 'lost', null, [], {}],
    ['was deleted, and left a result', 'completed', null, [], { result: result() }],
    [
      'was cleared away, and its end was noted',
      'node_failed',
      null,
      [],
      { ended: { state: 'node_failed', exit_code: null, detail: 'x', restarts: 0 } },
    ],
    ['was started again: the result is of the start before', 'running', object(), [running(restarted)], { result: result(told) }],
    ['waits for its start after a restart', 'pending', object(), [pod({}, restarted)], { result: result({ exit_code: 1 }) }],
    ['failed for good after a restart', 'failed', object(limit), [ended(1, 'Error')], { result: result({ exit_code: 1, restart: 1 }) }],
  ];

  it.each(cases)('%s: %s', (_what, state, job, pods, traces) => {
    const status = kubernetesStatus(job, pods, { result: null, request: null, barred: false, ended: null, ...traces });
    expect(status.state).toBe(state);
    expect(status.detail).not.toBe('');
  });

  it('says what the cluster says', () => {
    const none: Traces = { result: null, request: null, barred: false, ended: null };
    const unscheduled = pod({
      conditions: [{ type: 'PodScheduled', status: 'False', reason: 'Unschedulable', message: '0/3 nodes are available' }],
    });
    expect(kubernetesStatus(object(), [unscheduled], none).detail).toContain('0/3 nodes are available');
    expect(kubernetesStatus(object(), [waiting('ErrImagePull', 'no such image')], none).detail).toContain('ErrImagePull: no such image');
    const failed = kubernetesStatus(object(limit), [ended(127, 'Error')], none);
    expect(failed).toMatchObject({ exit_code: 127, detail: expect.stringContaining('version is insufficient') });
    expect(kubernetesStatus(object(), [running(restarted)], none)).toMatchObject({ restarts: 1 });
  });
});

describe('the name of an object', () => {
  it('follows from job and submission, and is never too long', () => {
    expect(objectName('train-night-3f9a', 1, 'job')).toBe('train-night-3f9a');
    expect(objectName('train-night-3f9a', 3, 'trainjob')).toBe('train-night-3f9a-r3');
    const long = `a${'b'.repeat(62)}`;
    const hash = createHash('sha256').update(long).digest('hex').slice(0, 8);
    expect(objectName(long, 1, 'job')).toBe(long);
    expect(objectName(long, 12, 'job')).toBe(`a${'b'.repeat(49)}-${hash}-r12`);
    expect(objectName(long, 1, 'trainjob')).toHaveLength(46);
    expect(objectName(`a${'b'.repeat(34)}-----cccccccc`, 1, 'trainjob')).toMatch(/^ab{34}-[0-9a-f]{8}$/);
  });
});

describe('what the nodes of a cluster have', () => {
  const node = (name: string, allocatable: Record<string, string>, more: Partial<Node> = {}): Node => ({
    metadata: { name, labels: { 'nvidia.com/gpu.memory': '81559' } },
    status: { allocatable, conditions: [{ type: 'Ready', status: 'True' }] },
    ...more,
  });
  const gpus = { cpu: '95500m', memory: '1031000000Ki', 'nvidia.com/gpu': '8' };
  const cluster = [
    node('a', gpus),
    node('b', gpus),
    node('c', gpus, { spec: { unschedulable: true } }),
    node('d', gpus, { status: { allocatable: gpus, conditions: [{ type: 'Ready', status: 'Unknown' }] } }),
    node('e', { cpu: '4', memory: '16Gi' }),
  ];
  const require = (needs: Partial<JobNeeds>) => () => requireNodes({ name: 'train-a', needs: JobNeeds.parse(needs) }, cluster);

  it('is enough for a job, or is named', () => {
    expect(require({ nodes: 2, gpus_per_node: 8, gpu_memory_gb: 80, cpus_per_node: 95, memory_mb_per_node: 900_000 })).not.toThrow();
    expect(require({ nodes: 3, gpus_per_node: 8 })).toThrow(/3 nodes with 8 GPUs, .*; 2 such of 3 are ready \(at most 8 GPUs, 95 cores/);
    expect(require({ gpus_per_node: 1, gpu_memory_gb: 141 })).toThrow(/of 141 GB/);
    expect(require({ cpus_per_node: 96 })).toThrow(/job train-a/);
  });

  it.each([
    ['95500m', 95.5],
    ['16Gi', 17_179_869_184],
    ['1e3', 1000],
    ['128974848', 128_974_848],
    ['129M', 129e6],
    ['many', 0],
    ['3Xi', 0],
  ])('is read from %s', (text, number) => {
    expect(parseQuantity(text)).toBeCloseTo(number);
  });
});

describe('an answer that is no success', () => {
  it.each([
    [400, 'BadRequest', 'job_refused'],
    [401, 'Unauthorized', 'job_refused'],
    [403, 'Forbidden', 'job_refused'],
    [404, 'NotFound', 'job_refused'],
    [422, 'Invalid', 'job_refused'],
    [408, 'Timeout', 'job_backend_unreachable'],
    [429, 'TooManyRequests', 'job_backend_unreachable'],
    [500, 'InternalError', 'job_backend_unreachable'],
    [503, 'ServiceUnavailable', 'job_backend_unreachable'],
  ])('%i is %s: %s', (code, reason, problem) => {
    const answer = { code, text: JSON.stringify({ reason, message: 'said by the server' }) };
    expect(failedSubmission('train-a', 'take it', answer)).toMatchObject({
      code: problem,
      message: expect.stringContaining('said by the server'),
    });
  });

  it('is worth another try when a quota is used up, and is read when it is no JSON', () => {
    const quota = { code: 403, text: JSON.stringify({ message: 'pods "a" is forbidden: exceeded quota: gpus' }) };
    expect(failedSubmission('train-a', 'take it', quota)).toMatchObject({ code: 'job_backend_unreachable' });
    expect(failedSubmission('train-a', 'take it', { code: 502, text: '<html>Bad Gateway' }).message).toContain('Bad Gateway');
  });
});
