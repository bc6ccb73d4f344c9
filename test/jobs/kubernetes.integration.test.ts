import { mkdtempSync, rmSync } from 'node:fs';
import { hostname, tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { JobBackend } from '../../activities/jobs/job-backend.ts';
import type { KubernetesSettings } from '../../activities/jobs/kubernetes/ask-kubernetes.ts';
import { openJobBackend } from '../../activities/jobs/open-job-backend.ts';
import type { JobRef } from '../../schemas/job.ts';
import { jobBackendContract } from './contract.ts';
import { type Fault, KubernetesCluster, node } from './kubernetes-cluster.ts';
import { memoryGroup } from './memory-group.ts';
import { Trainer } from './trainer.ts';

const patience = { timeout: 20_000 };
const settings: KubernetesSettings = {
  type: 'kubernetes',
  namespace: 'default',
  kind: 'job',
  runtime: 'torch-distributed',
  image: 'trainer:1',
  volume: { claim: 'runs', mount: tmpdir() },
};

const folder = mkdtempSync(join(tmpdir(), 'tracemill-kubernetes-'));
const group = memoryGroup(`tracemill-kubernetes-${process.pid}`);
let cluster: KubernetesCluster;
beforeAll(async () => {
  cluster = await KubernetesCluster.start(folder);
  process.env['KUBECONFIG'] = cluster.kubeconfig;
});
afterAll(async () => {
  delete process.env['KUBECONFIG'];
  await cluster.stop();
  group?.remove();
  rmSync(folder, { recursive: true, force: true });
});

jobBackendContract('a Kubernetes API server', group?.enter ?? null, async () => ({
  settings,
  folder,
  patienceMs: 20_000,
  shortLimit: { seconds: 4, grace: 3, patienceMs: 30_000 },
  drawnMoments: 1,
  preempt: async ({ name }) => cluster.podsOf(name)[0]?.disrupt('PreemptionByScheduler'),
  jobsSeen: async (name) => cluster.created.filter((made) => made === name || made.startsWith(`${name}-r`)).length,
}));

describe('a job of a Kubernetes cluster', () => {
  let count = 0;
  const at = (more: Partial<KubernetesSettings> = {}): JobBackend => openJobBackend({ ...settings, ...more });
  const trainer = (more: ConstructorParameters<typeof Trainer>[2] = {}) => new Trainer(folder, `kube-${process.pid}-${++count}`, more);
  const running = async (backend: JobBackend, job: Trainer, again = 0) => {
    const ref = await backend.submit(job.spec, again);
    await expect.poll(() => job.starts().length > again && job.step() > 0, patience).toBe(true);
    return ref;
  };
  const state = async (backend: JobBackend, ref: JobRef, job: Trainer) => (await backend.status(ref, job.spec)).state;
  const fault = (method: string, path: RegExp, what: Fault['what'], times = 1) => cluster.faults.push({ method, path, what, times });
  const said = (code: number, reason: string) => ({ code, reason, message: `says ${reason}` });

  it('is submitted once, whatever the server answers', async () => {
    const backend = at();
    const job = trainer();
    for (const what of ['breaks', 'breaks after', said(429, 'TooManyRequests'), said(500, 'InternalError')] as const) {
      fault('POST', /jobs$/, what);
      await expect(backend.submit(job.spec, 0)).rejects.toMatchObject({ code: 'job_backend_unreachable' });
      if (what === 'breaks after') break;
    }
    const ref = await running(backend, job);
    fault('GET', /kube-/, said(503, 'ServiceUnavailable'));
    await expect(backend.status(ref, job.spec)).rejects.toMatchObject({ code: 'job_backend_unreachable' });
    fault('GET', /pods$/, said(403, 'Forbidden'));
    expect(await backend.status(ref, job.spec)).toMatchObject({ state: 'running', detail: expect.stringContaining('may not be listed') });
    job.finish();
    await expect.poll(() => state(backend, ref, job), patience).toBe('completed');
    fault('GET', /kube-/, 'breaks');
    expect(await state(backend, ref, job), 'its result is enough').toBe('completed');
    expect(cluster.created.filter((name) => name === job.spec.name)).toHaveLength(1);
    expect(job.twice()).toEqual([]);
  });

  it('is refused without rights, login or sense', async () => {
    const job = trainer();
    fault('POST', /jobs$/, said(403, 'Forbidden'));
    await expect(at().submit(job.spec, 0)).rejects.toMatchObject({
      code: 'job_refused',
      hint: expect.stringContaining('kubectl auth can-i'),
    });
    fault('POST', /jobs$/, said(422, 'Invalid'));
    await expect(at().submit(job.spec, 0)).rejects.toMatchObject({ code: 'job_refused', message: expect.stringContaining('says Invalid') });
    await expect(at({ context: 'nobody' }).check(job.spec)).rejects.toMatchObject({ code: 'job_refused' });
    await expect(at({ context: 'other' }).check(job.spec)).rejects.toMatchObject({
      code: 'job_unmet_need',
      message: expect.stringContaining('here, nobody'),
    });
    const gone = new Trainer(folder, `kube-gone-${process.pid}`).spec;
    process.env['KUBECONFIG'] = join(folder, 'none');
    await expect(at().submit(gone, 0)).rejects.toMatchObject({ code: 'job_unmet_need' });
    process.env['KUBECONFIG'] = cluster.kubeconfig;
  });

  it.each<[string, Partial<KubernetesSettings>, RegExp]>([
    ['a namespace', { namespace: 'away' }, /no namespace "away"/],
    ['a claim', { volume: { claim: 'away', mount: tmpdir() } }, /no volume claim "away"/],
    ['a volume', { volume: undefined }, /set "volume"/],
    ['a mount that holds the run folder', { volume: { claim: 'runs', mount: '/elsewhere' } }, /not below \/elsewhere/],
    ['a runtime', { kind: 'trainjob', runtime: 'away' }, /no ClusterTrainingRuntime "away"/],
  ])('lacks %s before it is submitted', async (_what, more, message) => {
    const job = trainer();
    await expect(at(more).check(job.spec)).rejects.toMatchObject({ code: 'job_unmet_need', message: expect.stringMatching(message) });
    expect(await at(more).find(job.spec)).toBeNull();
  });

  it('needs Kubeflow for a TrainJob, and is not kept from running by what may not be looked at', async () => {
    const job = trainer();
    cluster.hasTrainer = false;
    await expect(at({ kind: 'trainjob' }).check(job.spec)).rejects.toMatchObject({ message: expect.stringContaining('no TrainJob') });
    cluster.hasTrainer = true;
    fault('GET', /nodes$/, said(403, 'Forbidden'));
    await at({ kind: 'trainjob' }).check(trainer({ needs: { cpus_per_node: 900 } }).spec);
    cluster.nodes = [node('gpus', { cpu: '8', memory: '64Gi', 'nvidia.com/gpu': '2' }, { gpuMemory: '24564' })];
    await at().check(trainer({ needs: { gpus_per_node: 2, gpu_memory_gb: 24 } }).spec);
    await expect(at().check(trainer({ needs: { gpus_per_node: 2, gpu_memory_gb: 80 } }).spec)).rejects.toMatchObject({
      code: 'job_unmet_need',
    });
    cluster.nodes = [node('away', { cpu: '8', memory: '64Gi' }, { unschedulable: true })];
    await expect(at().check(job.spec)).rejects.toMatchObject({ message: expect.stringContaining('of 0 are ready') });
    cluster.nodes = [node('one', { cpu: '64', memory: '256Gi' })];
  });

  it('never takes the job of another run folder for its own', async () => {
    const job = trainer();
    const other = new Trainer(join(folder, 'other-home'), job.spec.name);
    const backend = at();
    const ref = await running(backend, other);
    await expect(backend.submit({ ...job.spec, spec_sha256: '0'.repeat(64) }, 0)).rejects.toMatchObject({
      code: 'job_refused',
      message: expect.stringContaining('does something else'),
    });
    rmSync(join(job.spec.folder, 'submissions'), { recursive: true });
    await expect(backend.submit(job.spec, 0)).rejects.toMatchObject({ message: expect.stringContaining('another run folder') });
    other.finish();
    await expect.poll(() => state(backend, ref, other), patience).toBe('completed');
    await expect.poll(async () => (await backend.submit(job.spec, 0).catch(() => ref)).id, patience).not.toBe(ref.id);
    job.finish();
    const mine = await backend.submit(job.spec, 0);
    await expect.poll(() => state(backend, mine, job), patience).toBe('completed');
    expect(await state(backend, ref, other)).toBe('completed');
  });

  it('is told apart by how it ended without a result, also when nothing of it is left', async () => {
    const backend = at();
    const job = trainer();
    const ref = await running(backend, job);
    const [pod] = cluster.podsOf(job.spec.name);
    if (pod === undefined) throw new Error('no pod');
    pod.json.status.conditions.push({ type: 'DisruptionTarget', status: 'True', reason: 'DeletionByTaintManager', message: 'node lost' });
    process.kill(job.pid(), 'SIGKILL');
    pod.kill();
    job.forgetKilled();
    await expect.poll(() => state(backend, ref, job), patience).toBe('node_failed');
    const second = await running(backend, job, 1);
    expect(cluster.has(job.spec.name), 'the first one made room').toBe(false);
    expect(await backend.status(ref, job.spec)).toMatchObject({ state: 'node_failed', detail: expect.stringContaining('node lost') });
    process.kill(job.pid(), 'SIGKILL');
    cluster.forget(`${job.spec.name}-r2`);
    await expect.poll(async () => ['lost', 'failed'].includes(await state(backend, second, job)), patience).toBe(true);
  });

  it('never starts when it was cancelled while it waited for a node', async () => {
    const backend = at();
    const job = trainer();
    cluster.full = true;
    const ref = await backend.submit(job.spec, 0);
    await expect.poll(() => state(backend, ref, job), patience).toBe('pending');
    await backend.cancel(ref, job.spec);
    cluster.full = false;
    expect(await state(backend, ref, job)).toBe('cancelled');
    expect(cluster.has(job.spec.name)).toBe(false);
    expect(job.starts()).toEqual([]);
  });

  it('shows what its container said when its program never came up', async () => {
    const backend = at();
    const job = trainer();
    cluster.full = true;
    const ref = await backend.submit(job.spec, 0);
    const [pod] = cluster.podsOf(job.spec.name);
    if (pod === undefined) throw new Error('no pod');
    pod.output = 'sh: cannot open run-job.sh: no such file';
    const { text, next } = await backend.logs(ref, job.spec, 0, 10);
    expect(text + (await backend.logs(ref, job.spec, next, 100)).text).toBe(pod.output);
    await backend.cancel(ref, job.spec);
    cluster.full = false;
  });

  it('runs on several nodes as a TrainJob, writes its checkpoint there, and goes on', async () => {
    const backend = at({ kind: 'trainjob' });
    const program = `
      trap 'echo "$PET_NODE_RANK" >>saved; exit 0' USR1
      echo "$PET_NODE_RANK" >>ranks
      until [ -e finish ]; do sleep 0.05 & wait $!; done`;
    const job = trainer({ program, needs: { nodes: 2 } });
    cluster.nodes = [node('one', { cpu: '8', memory: '64Gi' }), node('two', { cpu: '8', memory: '64Gi' })];
    await backend.check(job.spec);
    const lines = (file: string) => job.lines(file).toSorted();
    const ref = await backend.submit(job.spec, 0);
    await expect.poll(() => lines('ranks'), patience).toEqual(['0', '1']);
    await backend.signal(ref, job.spec, 'checkpoint');
    await expect.poll(() => state(backend, ref, job), patience).toBe('preempted');
    const second = await backend.submit(job.spec, 1);
    expect(second).toMatchObject({ submission: 2 });
    expect(lines('saved')).toEqual(['0', '1']);
    await expect.poll(() => lines('ranks'), patience).toEqual(['0', '0', '1', '1']);
    job.finish();
    await expect.poll(() => state(backend, second, job), patience).toBe('completed');
    cluster.setFailed(`${job.spec.name}-r2`, 'DeadlineExceeded', 'late');
    expect(await state(backend, second, job), 'the result counts more').toBe('completed');
  });

  it('serves, and says in its folder where', async () => {
    const backend = at();
    const program = `printf 'http://%s:8000/v1' "$(hostname)" >address; trap 'exit 0' TERM; while :; do sleep 0.05 & wait $!; done`;
    const job = trainer({ program });
    const spec = { ...job.spec, kind: 'serving' as const };
    const ref = await backend.submit(spec, 0);
    await expect.poll(() => job.lines('address'), patience).toEqual([`http://${hostname()}:8000/v1`]);
    expect(await backend.status(ref, spec)).toMatchObject({ state: 'running', detail: expect.stringContaining('on one') });
    await backend.cancel(ref, spec);
    expect(cluster.has(spec.name)).toBe(false);
    expect(await backend.status(ref, spec)).toMatchObject({ state: 'cancelled' });
  });
});
