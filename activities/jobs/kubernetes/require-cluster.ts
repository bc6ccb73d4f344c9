import { isAbsolute, relative } from 'node:path';
import { z } from 'zod';
import type { JobSpec } from '../../../schemas/job.ts';
import { unmetNeed } from '../job-problem.ts';
import { type Answer, type AskKubernetes, failedSubmission, type KubernetesSettings, read } from './ask-kubernetes.ts';
import { type Node, NodeList } from './objects.ts';

const Any = z.object({});

/**
 * Throws `Problem` job_unmet_need when the cluster lacks what the job names: namespace, claim, Kubeflow's TrainJob, runtime, or
 * nodes that have what it needs. What the user may not look at is left to the scheduler, whose words its status shows.
 */
export async function requireCluster(ask: AskKubernetes, settings: KubernetesSettings, spec: JobSpec): Promise<void> {
  const lacks = (text: string) => unmetNeed('kubernetes', spec.name, text);
  requireFolder(settings, spec);
  if (settings.kind === 'job' && spec.needs.nodes > 1) {
    throw lacks(`it needs ${spec.needs.nodes} nodes, and a plain Job runs on one; set kind: trainjob`);
  }
  const exists = async (path: string): Promise<boolean> => {
    const answer = await ask('GET', path);
    if (mayNotLook(answer)) return true;
    if (answer.code === 401) throw failedSubmission(spec.name, 'look at the cluster', answer);
    return read(answer, `look at ${path}`, Any) !== null;
  };
  const namespace = encodeURIComponent(settings.namespace);
  if (!(await exists(`/api/v1/namespaces/${namespace}`))) throw lacks(`the cluster has no namespace "${settings.namespace}"`);
  const claim = settings.volume?.claim ?? '';
  if (!(await exists(`/api/v1/namespaces/${namespace}/persistentvolumeclaims/${encodeURIComponent(claim)}`))) {
    throw lacks(`namespace "${settings.namespace}" has no volume claim "${claim}"`);
  }
  if (settings.kind === 'trainjob') {
    const group = '/apis/trainer.kubeflow.org/v1alpha1';
    if (!(await exists(group))) throw lacks('the cluster knows no TrainJob: install Kubeflow Trainer, or set kind: job');
    if (!(await exists(`${group}/clustertrainingruntimes/${encodeURIComponent(settings.runtime)}`))) {
      throw lacks(`the cluster has no ClusterTrainingRuntime "${settings.runtime}"; see kubectl get clustertrainingruntimes`);
    }
  }
  const answer = await ask('GET', '/api/v1/nodes');
  if (!mayNotLook(answer)) requireNodes(spec, read(answer, 'list its nodes', NodeList)?.items ?? []);
}

/** Throws `Problem` job_unmet_need unless the pod reaches the run folder, under the same path as the worker. */
export function requireFolder({ volume }: KubernetesSettings, spec: Pick<JobSpec, 'name' | 'folder'>): void {
  if (volume === undefined) {
    throw unmetNeed('kubernetes', spec.name, `its pod would not reach ${spec.folder}: set "volume" of the backend, a claim that holds it`);
  }
  const below = relative(volume.mount, spec.folder);
  if (below.startsWith('..') || isAbsolute(below)) {
    const text = `its run folder ${spec.folder} is not below ${volume.mount}, where the pod mounts "${volume.claim}"; both must be one path`;
    throw unmetNeed('kubernetes', spec.name, text);
  }
}

/** Throws `Problem` job_unmet_need when there are fewer nodes than needed that have what each of them needs. */
export function requireNodes(spec: Pick<JobSpec, 'name' | 'needs'>, nodes: readonly Node[]): void {
  const { nodes: count, gpus_per_node: gpus, gpu_memory_gb: gpuMemory, cpus_per_node: cpus, memory_mb_per_node: memory } = spec.needs;
  const usable = nodes.filter(isUsable).map(offerOf);
  const fits = (offer: Offer) =>
    offer.gpus >= gpus &&
    offer.cpus >= cpus &&
    offer.memoryMb >= memory &&
    // A card of 80 GB reports a little less; one that reports nothing may do.
    (gpus === 0 || gpuMemory === null || offer.gpuMemoryMb === null || offer.gpuMemoryMb / 1024 >= gpuMemory * 0.9);
  const fitting = usable.filter(fits).length;
  if (fitting >= count) return;
  const most = (of: (offer: Offer) => number) => Math.floor(Math.max(0, ...usable.map(of)));
  const card = gpuMemory === null || gpus === 0 ? '' : ` of ${gpuMemory} GB`;
  throw unmetNeed(
    'kubernetes',
    spec.name,
    `it needs ${count} node${count > 1 ? 's' : ''} with ${gpus} GPUs${card}, ${cpus} cores and ${memory} MB; ${fitting} such of ${usable.length} are ready ` +
      `(at most ${most((offer) => offer.gpus)} GPUs, ${most((offer) => offer.cpus)} cores, ${most((offer) => offer.memoryMb)} MB)`,
  );
}

interface Offer {
  gpus: number;
  /** Null where the node does not say. */
  gpuMemoryMb: number | null;
  cpus: number;
  memoryMb: number;
}

function offerOf({ metadata, status }: Node): Offer {
  const offered = (resource: string) => parseQuantity(status?.allocatable?.[resource] ?? '0');
  const gpuMemory = metadata.labels?.['nvidia.com/gpu.memory'];
  return {
    gpus: offered('nvidia.com/gpu'),
    gpuMemoryMb: gpuMemory === undefined ? null : Number(gpuMemory),
    cpus: offered('cpu'),
    memoryMb: offered('memory') / 1024 ** 2,
  };
}

function isUsable({ spec, status }: Node): boolean {
  const ready = status?.conditions?.find(({ type }) => type === 'Ready');
  return spec?.unschedulable !== true && (ready === undefined || ready.status === 'True');
}

const units: Record<string, number> = {
  '': 1,
  m: 0.001,
  k: 1e3,
  M: 1e6,
  G: 1e9,
  T: 1e12,
  P: 1e15,
  Ki: 1024,
  Mi: 1024 ** 2,
  Gi: 1024 ** 3,
  Ti: 1024 ** 4,
  Pi: 1024 ** 5,
};

/** `3920m`, `16Gi`, `8`: as a number; 0 for what is none. */
export function parseQuantity(text: string): number {
  const [, number = '', unit = ''] = /^([0-9.]+(?:[eE][+-]?\d+)?)([a-zA-Z]*)$/.exec(text) ?? [];
  return number === '' ? 0 : Number(number) * (units[unit] ?? 0);
}

function mayNotLook({ code }: Answer): boolean {
  return code === 403;
}
