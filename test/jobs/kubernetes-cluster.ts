import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { join } from 'node:path';
import { z } from 'zod';
import { collectionPath } from '../../activities/jobs/kubernetes/job-object.ts';
import { FakePod } from './kubernetes-pod.ts';

const Meta = z.looseObject({
  name: z.string().regex(/^[a-z]([-a-z0-9]{0,61}[a-z0-9])?$/),
  labels: z.record(z.string(), z.string()).optional(),
  annotations: z.record(z.string(), z.string()).optional(),
});
const Env = z.array(
  z.strictObject({
    name: z.string(),
    value: z.string().optional(),
    valueFrom: z.strictObject({ fieldRef: z.strictObject({ fieldPath: z.string() }) }).optional(),
  }),
);
const Mounts = z.array(z.strictObject({ name: z.string(), mountPath: z.string() }));
const Volumes = z.array(z.looseObject({ name: z.string() }));
const PlainJob = z.strictObject({
  apiVersion: z.literal('batch/v1'),
  kind: z.literal('Job'),
  metadata: Meta,
  spec: z.looseObject({
    backoffLimit: z.literal(0),
    template: z.strictObject({
      metadata: z.strictObject({ labels: z.record(z.string(), z.string()) }),
      spec: z.looseObject({
        restartPolicy: z.literal('Never'),
        terminationGracePeriodSeconds: z.int().min(1),
        containers: z.tuple([
          z.looseObject({ name: z.string(), image: z.string(), command: z.array(z.string()), env: Env, volumeMounts: Mounts }),
        ]),
        volumes: Volumes,
      }),
    }),
  }),
});
const TrainJob = z.strictObject({
  apiVersion: z.literal('trainer.kubeflow.org/v1alpha1'),
  kind: z.literal('TrainJob'),
  metadata: Meta,
  spec: z.strictObject({
    runtimeRef: z.strictObject({ apiGroup: z.string(), kind: z.literal('ClusterTrainingRuntime'), name: z.string() }),
    trainer: z.strictObject({
      image: z.string(),
      command: z.array(z.string()),
      env: Env,
      numNodes: z.int().min(1),
      resourcesPerNode: z.strictObject({ requests: z.record(z.string(), z.string()), limits: z.record(z.string(), z.string()) }),
    }),
    runtimePatches: z.array(z.looseObject({ manager: z.string() })),
  }),
});
const Deletion = z.looseObject({ propagationPolicy: z.literal('Foreground'), preconditions: z.strictObject({ uid: z.string() }) });

interface Condition {
  type: string;
  status: string;
  reason?: string;
  message?: string;
}

interface Stored {
  json: { metadata: { name: string; uid: string; deletionTimestamp?: string }; status: { active: number; conditions: Condition[] } };
  pods: FakePod[];
}

/** A node as the API lists it. */
export function node(
  name: string,
  allocatable: Record<string, string>,
  more: { unschedulable?: boolean; gpuMemory?: string } = {},
): object {
  return {
    metadata: { name, labels: more.gpuMemory === undefined ? {} : { 'nvidia.com/gpu.memory': more.gpuMemory } },
    spec: { unschedulable: more.unschedulable },
    status: { allocatable, conditions: [{ type: 'Ready', status: 'True' }] },
  };
}

/** What goes wrong with the next requests that match: an answer, or the connection that breaks before or after the work is done. */
export interface Fault {
  method: string;
  path: RegExp;
  what: { code: number; reason: string; message: string } | 'breaks' | 'breaks after';
  times: number;
}

/**
 * A Kubernetes API server of a few resources over real HTTP, with the controllers that matter: the command of each pod runs as
 * a process of this machine. Everything in memory.
 */
export class KubernetesCluster {
  readonly kubeconfig: string;
  readonly created: string[] = [];
  readonly faults: Fault[] = [];
  nodes = [node('one', { cpu: '64', memory: '256Gi' })];
  runtimes = ['torch-distributed'];
  hasTrainer = true;
  /** As long as it holds, pods are not scheduled. */
  full = false;
  readonly #objects = new Map<string, Stored>();
  readonly #server: Server;

  private constructor(server: Server, kubeconfig: string) {
    this.#server = server;
    this.kubeconfig = kubeconfig;
  }

  /** Listens; its kubeconfig lies in the folder and has the contexts `here` and `nobody`, whose token is wrong. */
  static async start(folder: string): Promise<KubernetesCluster> {
    const server = createServer();
    const cluster = new KubernetesCluster(server, join(folder, 'kubeconfig'));
    server.on('request', (request, response) => void cluster.#serve(request, response));
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    const address = server.address();
    const port = typeof address === 'object' ? address?.port : undefined;
    const config = {
      apiVersion: 'v1',
      kind: 'Config',
      clusters: [{ name: 'fake', cluster: { server: `http://127.0.0.1:${port}`, 'insecure-skip-tls-verify': true } }],
      users: [
        { name: 'right', user: { token: 'right' } },
        { name: 'wrong', user: { token: 'wrong' } },
      ],
      contexts: [
        { name: 'here', context: { cluster: 'fake', user: 'right' } },
        { name: 'nobody', context: { cluster: 'fake', user: 'wrong' } },
      ],
      'current-context': 'here',
    };
    writeFileSync(cluster.kubeconfig, JSON.stringify(config));
    return cluster;
  }

  async stop(): Promise<void> {
    for (const { pods } of this.#objects.values()) for (const pod of pods) pod.kill();
    this.#server.closeAllConnections();
    this.#server.close();
    await once(this.#server, 'close');
  }

  /** The pods of an object that is there. */
  podsOf(name: string): FakePod[] {
    const found = [...this.#objects].find(([path]) => path.endsWith(`/${name}`));
    if (found === undefined) throw new Error(`the cluster has no ${name}`);
    return found[1].pods;
  }

  has(name: string): boolean {
    return [...this.#objects.keys()].some((path) => path.endsWith(`/${name}`));
  }

  /** As a controller notes it. */
  setFailed(name: string, reason: string, message: string): void {
    for (const [path, { json }] of this.#objects) {
      if (path.endsWith(`/${name}`)) json.status.conditions.push({ type: 'Failed', status: 'True', reason, message });
    }
  }

  /** Deletes an object as somebody else does. */
  forget(name: string): void {
    for (const [path, { pods }] of this.#objects) {
      if (!path.endsWith(`/${name}`)) continue;
      for (const pod of pods) pod.kill();
      this.#objects.delete(path);
    }
  }

  async #serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    let text = '';
    for await (const chunk of request) text += String(chunk);
    const { pathname, searchParams } = new URL(request.url ?? '/', 'http://cluster');
    const fault = this.faults.find(({ method, path, times }) => times > 0 && method === request.method && path.test(pathname));
    if (fault !== undefined) fault.times--;
    if (fault?.what === 'breaks') return void request.socket.destroy();
    let answer: { code: number; body: unknown };
    if (fault !== undefined && typeof fault.what === 'object') answer = status(fault.what.code, fault.what.reason, fault.what.message);
    else if (request.headers.authorization !== 'Bearer right') answer = status(401, 'Unauthorized', 'Unauthorized');
    else answer = this.#answer(request.method ?? 'GET', pathname, searchParams, text);
    if (fault?.what === 'breaks after') return void request.socket.destroy();
    response.writeHead(answer.code, { 'content-type': typeof answer.body === 'string' ? 'text/plain' : 'application/json' });
    response.end(typeof answer.body === 'string' ? answer.body : JSON.stringify(answer.body));
  }

  #answer(method: string, path: string, query: URLSearchParams, text: string): { code: number; body: unknown } {
    const there = (yes: boolean) => (yes ? { code: 200, body: { metadata: {} } } : status(404, 'NotFound', `${path} not found`));
    if (path === '/api/v1/nodes') return { code: 200, body: { items: this.nodes } };
    const inNamespace = /^\/api\/v1\/namespaces\/([^/]+)(?:\/([a-z]+)(?:\/([^/]+)(\/log)?)?)?$/.exec(path);
    if (inNamespace !== null) {
      const [, namespace, resource, name, log] = inNamespace;
      if (namespace !== 'default' || resource === undefined) return there(namespace === 'default');
      if (resource === 'persistentvolumeclaims') return there(name === 'runs');
      if (resource === 'pods' && name === undefined) return { code: 200, body: { items: this.#pods(query).map(({ json }) => json) } };
      const pod = [...this.#objects.values()].flatMap(({ pods }) => pods).find(({ json }) => json.metadata.name === name);
      if (resource === 'pods' && log !== undefined && pod !== undefined) {
        return { code: 200, body: pod.output.slice(0, Number(query.get('limitBytes'))) };
      }
    }
    const trainer = '/apis/trainer.kubeflow.org/v1alpha1';
    if (path.startsWith(trainer) && !this.hasTrainer) return there(false);
    if (path === trainer) return there(true);
    if (path.startsWith(`${trainer}/clustertrainingruntimes/`)) return there(this.runtimes.includes(path.split('/').at(-1) ?? ''));
    const kind = /\/(jobs|trainjobs)(\/[^/]+)?$/.exec(path);
    if (kind === null || !path.startsWith(collectionOf(kind[1] === 'jobs' ? 'job' : 'trainjob'))) return there(false);
    if (method === 'POST' && query.get('fieldValidation') !== 'Strict') return status(400, 'BadRequest', 'unknown fields would be dropped');
    if (method === 'POST') return this.#create(path, JSON.parse(text));
    const stored = this.#objects.get(path);
    if (stored === undefined) return there(false);
    if (method === 'DELETE') return this.#delete(path, stored, Deletion.parse(JSON.parse(text)).preconditions.uid);
    return { code: 200, body: stored.json };
  }

  #pods(query: URLSearchParams): FakePod[] {
    const [label = '', value] = (query.get('labelSelector') ?? '').split('=');
    const all = [...this.#objects.values()].flatMap(({ pods }) => pods);
    return all.filter(({ json }) => json.metadata.labels[label] === value);
  }

  #create(collection: string, body: unknown): { code: number; body: unknown } {
    const parsed = z.union([PlainJob, TrainJob]).safeParse(body);
    if (!parsed.success) return status(422, 'Invalid', z.prettifyError(parsed.error));
    const { metadata, kind } = parsed.data;
    const path = `${collection}/${metadata.name}`;
    if (this.#objects.has(path)) return status(409, 'AlreadyExists', `${kind} "${metadata.name}" already exists`);
    const json = { ...parsed.data, metadata: { ...metadata, uid: randomUUID() }, status: { active: 0, conditions: [] } };
    const stored: Stored = { json, pods: [] };
    this.#objects.set(path, stored);
    this.created.push(metadata.name);
    const train = kind === 'TrainJob';
    const one = parsed.data.kind === 'TrainJob' ? parsed.data.spec.trainer : parsed.data.spec.template.spec.containers[0];
    const count = parsed.data.kind === 'TrainJob' ? parsed.data.spec.trainer.numNodes : 1;
    const graceSeconds = parsed.data.kind === 'TrainJob' ? 30 : parsed.data.spec.template.spec.terminationGracePeriodSeconds;
    const label = train ? 'jobset.sigs.k8s.io/jobset-name' : 'job-name';
    for (let index = 0; index < count; index++) {
      const restart: Record<string, string> = train ? { 'jobset.sigs.k8s.io/restart-attempt': '0' } : {};
      const labels = { [label]: metadata.name, ...restart };
      const more: Record<string, string> = train ? { JOB_COMPLETION_INDEX: String(index), PET_NODE_RANK: String(index) } : {};
      const pod = new FakePod(`${metadata.name}-${index}`, { labels, graceSeconds, command: one.command, env: one.env, more });
      stored.pods.push(pod);
      pod.ended = () => this.#settle(stored, kind);
    }
    setTimeout(() => this.#schedule(path, stored), 30);
    return { code: 201, body: json };
  }

  #schedule(path: string, stored: Stored): void {
    if (this.#objects.get(path) !== stored || stored.json.metadata.deletionTimestamp !== undefined) return;
    if (this.full) return void setTimeout(() => this.#schedule(path, stored), 30);
    stored.json.status.active = stored.pods.length;
    for (const pod of stored.pods) pod.start();
  }

  /** What the controllers conclude from pods that ended. */
  #settle({ json, pods }: Stored, kind: string): void {
    const { conditions } = json.status;
    const failed = pods.find(({ exitCode }) => exitCode !== null && exitCode !== 0);
    if (conditions.length > 0) return;
    if (failed !== undefined) {
      for (const pod of pods) if (pod.exitCode === null) pod.terminate();
      const disrupted = kind === 'Job' && failed.json.status.conditions.some(({ type }) => type === 'DisruptionTarget');
      const message = disrupted
        ? `Pod ${failed.json.metadata.name} has condition DisruptionTarget matching FailJob rule at index 0`
        : 'limit reached';
      conditions.push({ type: 'Failed', status: 'True', reason: disrupted ? 'PodFailurePolicy' : 'BackoffLimitExceeded', message });
    } else if (pods.every(({ exitCode }) => exitCode === 0)) {
      conditions.push({ type: 'Complete', status: 'True', reason: 'CompletionsReached' });
    }
    json.status.active = pods.filter(({ exitCode }) => exitCode === null).length;
  }

  #delete(path: string, { json, pods }: Stored, uid: string): { code: number; body: unknown } {
    if (json.metadata.uid !== uid) return status(409, 'Conflict', 'the UID in the precondition does not match');
    json.metadata.deletionTimestamp ??= new Date().toISOString();
    for (const pod of pods) pod.terminate();
    const remove = () => {
      if (pods.some(({ lives }) => lives)) return void setTimeout(remove, 20);
      if (this.#objects.get(path)?.json.metadata.uid === uid) this.#objects.delete(path);
    };
    setTimeout(remove, 20);
    return { code: 200, body: json };
  }
}

function collectionOf(kind: 'job' | 'trainjob'): string {
  return collectionPath({ type: 'kubernetes', namespace: 'default', kind, runtime: '', image: '' });
}

function status(code: number, reason: string, message: string): { code: number; body: unknown } {
  return { code, body: { kind: 'Status', apiVersion: 'v1', status: 'Failure', code, reason, message } };
}
