import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { z } from 'zod';
import type { JobBackend } from '../../activities/jobs/job-backend.ts';
import type { KubernetesSettings } from '../../activities/jobs/kubernetes/ask-kubernetes.ts';
import { collectionPath } from '../../activities/jobs/kubernetes/job-object.ts';
import { openJobBackend } from '../../activities/jobs/open-job-backend.ts';
import { within } from '../../activities/jobs/within.ts';
import { messageOf } from '../../schemas/problem.ts';
import { type ApiServer, kubeflowDefinitions, startApiServer } from '../jobs/kube-apiserver.ts';
import { Trainer } from '../jobs/trainer.ts';

const folder = mkdtempSync(join(tmpdir(), 'tracemill-kube-apiserver-'));
const namespace = 'students';
const settingsOf = (kind: KubernetesSettings['kind']): KubernetesSettings => ({
  type: 'kubernetes',
  namespace,
  kind,
  runtime: 'torch-distributed',
  image: 'registry.example.org/trainer:1',
  volume: { claim: 'runs', mount: tmpdir() },
});
let api: ApiServer;
let collecting: NodeJS.Timeout;

beforeAll(async () => {
  mkdirSync(join(folder, 'server'));
  api = await startApiServer(join(folder, 'server'));
  process.env['KUBECONFIG'] = api.kubeconfig;
  await make('/api/v1/namespaces', { apiVersion: 'v1', kind: 'Namespace', metadata: { name: namespace } });
  await make(`/api/v1/namespaces/${namespace}/persistentvolumeclaims`, {
    apiVersion: 'v1',
    kind: 'PersistentVolumeClaim',
    metadata: { name: 'runs' },
    spec: { accessModes: ['ReadWriteMany'], resources: { requests: { storage: '1Gi' } } },
  });
  await make('/api/v1/nodes', { apiVersion: 'v1', kind: 'Node', metadata: { name: 'one', labels: { 'nvidia.com/gpu.memory': '81559' } } });
  const status = {
    allocatable: { cpu: '95500m', memory: '1000Gi', 'nvidia.com/gpu': '8' },
    capacity: { cpu: '96', memory: '1000Gi', 'nvidia.com/gpu': '8' },
  };
  await patch('/api/v1/nodes/one/status', { status });
  for (const definition of await kubeflowDefinitions(folder)) {
    await make('/apis/apiextensions.k8s.io/v1/customresourcedefinitions', parse(definition));
  }
  const served = async () => (await api.ask('GET', collectionPath(settingsOf('trainjob')))).code === 200;
  if (!(await within(30_000, served, 250))) throw new Error('the server does not serve TrainJobs');
  await grant();
  // What the controllers of a cluster do with an object that is deleted in the foreground and owns nothing any more.
  collecting = setInterval(() => void collect(), 200);
}, 1_800_000);

afterAll(async () => {
  clearInterval(collecting);
  delete process.env['KUBECONFIG'];
  await api?.stop();
  rmSync(folder, { recursive: true, force: true });
});

async function make(path: string, body: unknown): Promise<void> {
  const { code, text } = await api.ask('POST', path, body);
  if (code !== 201) throw new Error(`${path}: ${code} ${text}`);
}

async function patch(path: string, body: unknown): Promise<void> {
  const { code, text } = await api.ask('PATCH', path, body, 'application/merge-patch+json');
  if (code !== 200) throw new Error(`${path}: ${code} ${text}`);
}

/** Exactly the rights that the page on jobs lists. */
async function grant(): Promise<void> {
  const rules = [
    { apiGroups: ['batch'], resources: ['jobs'], verbs: ['get', 'create', 'delete'] },
    { apiGroups: ['trainer.kubeflow.org'], resources: ['trainjobs'], verbs: ['get', 'create', 'delete'] },
    { apiGroups: [''], resources: ['pods'], verbs: ['list'] },
    { apiGroups: [''], resources: ['pods/log', 'persistentvolumeclaims'], verbs: ['get'] },
  ];
  const wide = [
    { apiGroups: [''], resources: ['namespaces'], verbs: ['get'] },
    { apiGroups: [''], resources: ['nodes'], verbs: ['list'] },
    { apiGroups: ['trainer.kubeflow.org'], resources: ['clustertrainingruntimes'], verbs: ['get'] },
  ];
  const group = '/apis/rbac.authorization.k8s.io/v1';
  const subjects = [{ kind: 'User', name: 'student', apiGroup: 'rbac.authorization.k8s.io' }];
  const roleRef = (kind: string) => ({ apiGroup: 'rbac.authorization.k8s.io', kind, name: 'trainer' });
  const object = (kind: string, more: object) => ({
    apiVersion: 'rbac.authorization.k8s.io/v1',
    kind,
    metadata: { name: 'trainer' },
    ...more,
  });
  await make(`${group}/namespaces/${namespace}/roles`, object('Role', { rules }));
  await make(`${group}/namespaces/${namespace}/rolebindings`, object('RoleBinding', { subjects, roleRef: roleRef('Role') }));
  await make(`${group}/clusterroles`, object('ClusterRole', { rules: wide }));
  await make(`${group}/clusterrolebindings`, object('ClusterRoleBinding', { subjects, roleRef: roleRef('ClusterRole') }));
}

const Found = z.object({
  metadata: z.looseObject({ name: z.string(), uid: z.string(), deletionTimestamp: z.string().optional() }),
  spec: z.looseObject({}),
});
const List = z.object({ items: z.array(Found) });

async function collect(): Promise<void> {
  for (const kind of ['job', 'trainjob'] as const) {
    const answer = await api.ask('GET', collectionPath(settingsOf(kind))).catch(() => null);
    if (answer?.code !== 200) continue;
    for (const { metadata } of List.parse(JSON.parse(answer.text)).items) {
      if (metadata.deletionTimestamp === undefined) continue;
      await patch(`${collectionPath(settingsOf(kind))}/${metadata.name}`, { metadata: { finalizers: null } }).catch(() => null);
    }
  }
}

const now = () => new Date().toISOString().replace(/\.\d+Z$/, 'Z');
const condition = (type: string, reason: string) => ({
  type,
  status: 'True',
  reason,
  message: `the test says ${reason}`,
  lastTransitionTime: now(),
});

describe.each(['job', 'trainjob'] as const)('a %s on the real API server', (kind) => {
  const settings = settingsOf(kind);
  const open = (): JobBackend => openJobBackend(settings);
  let count = 0;
  const trainer = (more: ConstructorParameters<typeof Trainer>[2] = {}) => new Trainer(folder, `real-${kind}-${++count}`, more);
  const found = async (name: string) => Found.parse(JSON.parse((await api.ask('GET', `${collectionPath(settings)}/${name}`)).text));

  it('is taken as it is written, with all its fields, once', async () => {
    const backend = open();
    const job = trainer({
      needs: { gpus_per_node: 8, cpus_per_node: 90, memory_mb_per_node: 900_000, time_limit_seconds: 3600, nodes: kind === 'job' ? 1 : 4 },
    });
    const refs = await Promise.all([1, 2, 3].map(() => backend.submit(job.spec, 0)));
    expect(new Set(refs.map(({ id }) => id)).size).toBe(1);
    const { metadata, spec } = await found(job.spec.name);
    expect(metadata.uid).toBe(refs[0]?.id);
    expect(JSON.stringify(spec)).toContain('"claimName":"runs"');
    expect(JSON.stringify(spec)).toContain('"nvidia.com/gpu":"8"');
    // As after a worker that died before it noted the submission.
    rmSync(join(job.spec.folder, 'submissions', '1', 'kubernetes.json'));
    expect(await backend.submit(job.spec, 0)).toEqual(refs[0]);
    await expect(open().submit({ ...job.spec, spec_sha256: '0'.repeat(64) }, 0)).rejects.toMatchObject({ code: 'job_refused' });
    expect(await backend.status({ ...job.spec, id: '', submitted_at: '', submission: 1 }, job.spec)).toMatchObject({ state: 'pending' });
  });

  it('is looked at before, with the rights that the docs list', async () => {
    const job = trainer({ needs: { gpus_per_node: 8, gpu_memory_gb: 80 } });
    const found = await open()
      .check(job.spec)
      .then(() => 'it fits', messageOf);
    expect(found).toMatch(kind === 'job' ? /^it fits$/ : /no ClusterTrainingRuntime/);
    await expect(openJobBackend({ ...settings, namespace: 'away' }).check(job.spec)).rejects.toMatchObject({
      code: 'job_unmet_need',
    });
    await expect(openJobBackend(settingsOf('job')).check(trainer({ needs: { gpus_per_node: 9 } }).spec)).rejects.toMatchObject({
      code: 'job_unmet_need',
      message: expect.stringContaining('at most 8 GPUs'),
    });
    await expect(openJobBackend({ ...settings, namespace: 'away' }).submit(trainer().spec, 0)).rejects.toMatchObject({
      code: 'job_refused',
    });
  });

  it('is told by its conditions, makes room for the next one, and goes when it is cancelled', async () => {
    const backend = open();
    const job = trainer();
    const ref = await backend.submit(job.spec, 0);
    const path = `${collectionPath(settings)}/${job.spec.name}`;
    const conditions = [
      ...(kind === 'job' ? [condition('FailureTarget', 'DeadlineExceeded')] : []),
      condition('Failed', 'DeadlineExceeded'),
    ];
    await patch(`${path}/status`, { status: { conditions, ...(kind === 'job' ? { startTime: now() } : {}) } });
    expect(await backend.status(ref, job.spec)).toMatchObject({ state: 'timed_out' });
    const second = await backend.submit(job.spec, 1);
    expect(second).toMatchObject({ submission: 2 });
    expect((await api.ask('GET', path)).code).toBe(404);
    expect(await backend.status(ref, job.spec)).toMatchObject({ state: 'timed_out' });
    await backend.cancel(second, job.spec);
    expect((await api.ask('GET', `${path}-r2`)).code).toBe(404);
    expect(await backend.status(second, job.spec)).toMatchObject({ state: 'cancelled' });
  });
});
