import { createHash } from 'node:crypto';
import type { JobSpec } from '../../../schemas/job.ts';
import type { Claim } from '../run-folder.ts';
import type { KubernetesSettings } from './ask-kubernetes.ts';

/** Annotations by which an object is known to be the job of a submission. */
export const specAnnotation = 'tracemill/spec-sha256';
export const claimAnnotation = 'tracemill/claim-id';

/** JobSet puts "-node-0-", the node's number and "-" with five letters behind a TrainJob's name, all within 63 characters. */
const longest = { job: 63, trainjob: 46 } as const;
const weekSeconds = 7 * 86_400;
/** What a pod may take longer than its program, in seconds: its image has to be fetched within the pod's time too. */
const pullSeconds = 3600;

/** The name of a submission's object: the job's, with "-r<n>" from the second submission on. A long one is cut, with a hash of the whole. */
export function objectName(job: string, submission: number, kind: KubernetesSettings['kind']): string {
  const suffix = submission === 1 ? '' : `-r${submission}`;
  const room = longest[kind] - suffix.length;
  if (job.length <= room) return `${job}${suffix}`;
  const hash = createHash('sha256').update(job).digest('hex').slice(0, 8);
  return `${job.slice(0, room - 9).replace(/-+$/, '')}-${hash}${suffix}`;
}

/** Where objects of this kind are, below the API server's address. */
export function collectionPath({ kind, namespace }: KubernetesSettings): string {
  const group = kind === 'job' ? '/apis/batch/v1' : '/apis/trainer.kubeflow.org/v1alpha1';
  return `${group}/namespaces/${encodeURIComponent(namespace)}/${kind === 'job' ? 'jobs' : 'trainjobs'}`;
}

/** Which pods belong to an object. */
export function podSelector(kind: KubernetesSettings['kind'], name: string): string {
  return kind === 'job' ? `job-name=${name}` : `jobset.sigs.k8s.io/jobset-name=${name}`;
}

/** The Job or TrainJob of a submission. `command` runs it, from files in its run folder. */
export function jobObject(settings: KubernetesSettings, spec: JobSpec, claim: Claim, command: readonly string[]): object {
  const metadata = {
    name: objectName(spec.name, claim.submission, settings.kind),
    labels: { 'app.kubernetes.io/managed-by': 'tracemill', 'tracemill/kind': spec.kind },
    annotations: { [specAnnotation]: spec.spec_sha256, [claimAnnotation]: claim.claim_id },
  };
  return settings.kind === 'job' ? plainJob(settings, spec, metadata, command) : trainJob(settings, spec, claim, metadata, command);
}

function plainJob(settings: KubernetesSettings, spec: JobSpec, metadata: { labels: object }, command: readonly string[]): object {
  const limit = spec.needs.time_limit_seconds;
  return {
    apiVersion: 'batch/v1',
    kind: 'Job',
    metadata,
    spec: {
      // Whether it is started again is for its caller to say.
      backoffLimit: 0,
      completions: 1,
      parallelism: 1,
      ttlSecondsAfterFinished: weekSeconds,
      // Says that the cluster took the pod away, even when nothing is left of the pod.
      podFailurePolicy: { rules: [{ action: 'FailJob', onPodConditions: [{ type: 'DisruptionTarget', status: 'True' }] }] },
      template: {
        metadata: { labels: metadata.labels },
        spec: {
          restartPolicy: 'Never',
          terminationGracePeriodSeconds: Math.ceil(spec.grace_seconds) + 30,
          // The program's own clock keeps the limit, from when it starts; this one is for a pod that does not end.
          ...(limit === null ? {} : { activeDeadlineSeconds: Math.ceil(limit + spec.grace_seconds + pullSeconds) }),
          automountServiceAccountToken: false,
          enableServiceLinks: false,
          ...(spec.needs.gpus_per_node === 0 ? {} : { tolerations: [{ key: 'nvidia.com/gpu', operator: 'Exists', effect: 'NoSchedule' }] }),
          containers: [
            {
              name: 'node',
              image: spec.image ?? settings.image,
              command,
              // Of two pods, should the cluster ever start two, one runs the program.
              env: [
                { name: 'TRACEMILL_JOB_OWNER', valueFrom: { fieldRef: { fieldPath: 'metadata.uid' } } },
                { name: 'TRACEMILL_JOB_WATCH', value: '2' },
              ],
              resources: resources(spec),
              volumeMounts: mounts(settings),
              terminationMessagePolicy: 'FallbackToLogsOnError',
            },
          ],
          volumes: volumes(settings),
        },
      },
    },
  };
}

function trainJob(settings: KubernetesSettings, spec: JobSpec, claim: Claim, metadata: object, command: readonly string[]): object {
  const pod = { volumes: volumes(settings), containers: [{ name: 'node', volumeMounts: mounts(settings) }] };
  return {
    apiVersion: 'trainer.kubeflow.org/v1alpha1',
    kind: 'TrainJob',
    metadata,
    spec: {
      runtimeRef: { apiGroup: 'trainer.kubeflow.org', kind: 'ClusterTrainingRuntime', name: settings.runtime },
      trainer: {
        image: spec.image ?? settings.image,
        // The first node runs the job; each other one runs its share of it.
        command: [
          'sh',
          '-c',
          'export TRACEMILL_JOB_NODE="${JOB_COMPLETION_INDEX:-0}"; [ "$TRACEMILL_JOB_NODE" = 0 ] || exec "$@" node; exec "$@"',
          'node',
          ...command,
        ],
        env: [
          // The pods that a restart brings are still the same submission.
          { name: 'TRACEMILL_JOB_OWNER', value: `trainjob-${claim.claim_id}` },
          {
            name: 'TRACEMILL_JOB_RESTART',
            valueFrom: { fieldRef: { fieldPath: `metadata.labels['${restartLabel}']` } },
          },
          { name: 'TRACEMILL_JOB_WATCH', value: '2' },
        ],
        numNodes: spec.needs.nodes,
        resourcesPerNode: resources(spec),
      },
      runtimePatches: [
        {
          manager: 'tracemill',
          trainingRuntimeSpec: {
            template: { spec: { replicatedJobs: [{ name: 'node', template: { spec: { template: { spec: pod } } } }] } },
          },
        },
      ],
    },
  };
}

/** On each pod of a JobSet: how often all of them were started again. */
export const restartLabel = 'jobset.sigs.k8s.io/restart-attempt';

function resources({ needs }: JobSpec): object {
  const gpus = needs.gpus_per_node > 0 ? { 'nvidia.com/gpu': String(needs.gpus_per_node) } : {};
  const memory = `${needs.memory_mb_per_node}Mi`;
  // Cores beyond the request may be used when nobody else asks for them; memory beyond it would be taken from others.
  return { requests: { cpu: String(needs.cpus_per_node), memory, ...gpus }, limits: { memory, ...gpus } };
}

function mounts({ volume }: KubernetesSettings): object[] {
  const folders = volume === undefined ? [] : [{ name: 'run-folders', mountPath: volume.mount }];
  return [...folders, { name: 'shared-memory', mountPath: '/dev/shm' }];
}

/** Loaders of PyTorch pass rows through shared memory, of which a container has 64 MiB by itself. */
function volumes({ volume }: KubernetesSettings): object[] {
  const folders = volume === undefined ? [] : [{ name: 'run-folders', persistentVolumeClaim: { claimName: volume.claim } }];
  return [...folders, { name: 'shared-memory', emptyDir: { medium: 'Memory' } }];
}
