import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { withLock } from '../../../platform/lock.ts';
import { type JobRef, type JobSpec, JobStatus } from '../../../schemas/job.ts';
import type { JobBackend } from '../job-backend.ts';
import { refused, unreachable } from '../job-problem.ts';
import { writeJobProgram } from '../job-program.ts';
import { readOutput } from '../read-output.ts';
import {
  barFromStarting,
  type Claim,
  claims,
  claimSubmission,
  isBarred,
  noticeOf,
  ownerOf,
  read as readFile,
  rememberRequest,
  requestOf,
  resultOf,
  submissionFolder,
  write,
} from '../run-folder.ts';
import { within } from '../within.ts';
import { type AskKubernetes, failedSubmission, kubernetesApi, type KubernetesSettings, saidBy } from './ask-kubernetes.ts';
import { claimAnnotation, jobObject, objectName, specAnnotation } from './job-object.ts';
import { kubernetesObjects } from './kubernetes-objects.ts';
import { kubernetesStatus } from './kubernetes-status.ts';
import type { JobObject } from './objects.ts';
import { podOutput } from './pod-output.ts';
import { requireCluster, requireFolder } from './require-cluster.ts';

const name = 'kubernetes';

/** The object of a submission, once it is known: `kubernetes.json` in the submission's folder. */
const Submitted = z.object({ name: z.string(), uid: z.string() });

/**
 * Jobs and TrainJobs of a Kubernetes cluster, whose pods mount the run folders. A submission is claimed in the run folder; its
 * object has a name that follows from job and submission, and carries the claim's id, so that creating it twice makes one.
 */
export function kubernetesBackend(settings: KubernetesSettings, ask: AskKubernetes = kubernetesApi(settings)): JobBackend {
  const objects = kubernetesObjects(settings, ask);
  return {
    name,

    check: (spec) => requireCluster(ask, settings, spec),

    async find({ folder }) {
      for (const claim of claims(folder).toReversed()) {
        const id = await idOf(claim, folder);
        if (id !== null) return refOf(claim, id);
      }
      return null;
    },

    async submit(spec, again) {
      requireFolder(settings, spec);
      const claim = await claimSubmission(spec, again, name, async (newest) => {
        return (await idOf(newest, spec.folder)) !== null && isOver(await statusOf(spec, newest.submission));
      });
      const path = join(submissionFolder(spec.folder, claim.submission), 'kubernetes.json');
      // One that was created but not noted is found by creating it again, which also says when the rights for it are missing.
      const id = await withLock(`job-${spec.name}`, async () => readFile(path, Submitted)?.uid ?? (await create(spec, claim)));
      return refOf(claim, id);
    },

    status: (ref, spec) => statusOf(spec, ref.submission),

    async signal(ref, spec, signal) {
      if (isOver(await statusOf(spec, ref.submission))) return;
      const here = submissionFolder(spec.folder, ref.submission);
      rememberRequest(here, signal);
      if (barFromStarting(here)) await objects.remove(objectOf(ref), ref.id);
    },

    async cancel(ref, spec) {
      const here = submissionFolder(spec.folder, ref.submission);
      const over = async () => isOver(await statusOf(spec, ref.submission));
      if (!(await over())) {
        rememberRequest(here, 'cancel');
        // The program that watches the job sees the request by itself. Nothing is written by one that does not listen.
        if (!barFromStarting(here)) {
          await within(spec.grace_seconds * 1000, async () => noticeOf(here)?.heard === 0 || (await over()), 500);
        }
      }
      await objects.removeWhole(objectOf(ref), ref.id, spec.grace_seconds);
    },

    async logs(ref, spec, offset, maxBytes) {
      const output = join(spec.folder, 'output.log');
      // A container that does not come up has said why to the cluster alone.
      if (!existsSync(output)) return await podOutput(ask, settings, objectOf(ref), offset, maxBytes);
      return await readOutput(output, offset, maxBytes);
    },
  };

  function objectOf({ name: job, submission }: Pick<JobRef, 'name' | 'submission'>): string {
    return objectName(job, submission, settings.kind);
  }

  /** The uid of a claim's object; null when it was never created. */
  async function idOf(claim: Claim, folder: string): Promise<string | null> {
    const path = join(submissionFolder(folder, claim.submission), 'kubernetes.json');
    const recorded = readFile(path, Submitted);
    if (recorded !== null) return recorded.uid;
    const object = await objects.get(objectOf(claim));
    if (object === null || !isOf(object, claim)) return null;
    return record(path, object);
  }

  function record(path: string, { metadata }: JobObject): string {
    write(path, { name: metadata.name, uid: metadata.uid });
    return metadata.uid;
  }

  async function create(spec: JobSpec, claim: Claim): Promise<string> {
    const here = submissionFolder(spec.folder, claim.submission);
    await removeEarlier(spec, claim.submission);
    const command = writeJobProgram(spec, claim.submission, here, true);
    const path = join(here, 'kubernetes.json');
    for (let tries = 0; tries < 5; tries++) {
      const answer = await objects.create(jobObject(settings, spec, claim, command));
      if ('object' in answer) return record(path, answer.object);
      if (answer.code !== 409 || saidBy(answer).reason !== 'AlreadyExists') {
        throw failedSubmission(spec.name, `take job ${spec.name}`, answer);
      }
      const known = await objects.get(objectOf(claim));
      if (known !== null && (await adopts(spec, claim, known))) return record(path, known);
    }
    throw unreachable('Kubernetes', `take job ${spec.name}`, `${objectOf(claim)} comes and goes`);
  }

  /** Whether an object of the submission's name is the submission's. One that is about to go, or that ended long ago, makes room. */
  async function adopts(spec: JobSpec, claim: Claim, known: JobObject): Promise<boolean> {
    const { metadata, status } = known;
    const what = `${settings.kind} ${metadata.name} in namespace ${settings.namespace}`;
    const hint = `give the job another name, or delete that one: kubectl -n ${settings.namespace} delete ${settings.kind} ${metadata.name}`;
    const ended = status?.conditions?.some(({ type, status: holds }) => holds === 'True' && (type === 'Complete' || type === 'Failed'));
    const sha256 = metadata.annotations?.[specAnnotation];
    if (sha256 !== spec.spec_sha256) {
      throw refused(spec.name, `${what} ${sha256 === undefined ? 'is not Tracemill’s' : 'does something else'}`, hint);
    }
    if (isOf(known, claim)) return true;
    if (ended !== true && typeof metadata.deletionTimestamp !== 'string') {
      throw refused(spec.name, `${what} was submitted from another run folder, and has not ended`, hint);
    }
    await objects.removeWhole(metadata.name, metadata.uid, spec.grace_seconds);
    return false;
  }

  /** A node that was lost may come back with a pod that still runs: nothing of the submission before is left. */
  async function removeEarlier(spec: JobSpec, submission: number): Promise<void> {
    const earlier = claims(spec.folder).findLast((claim) => claim.submission < submission);
    if (earlier === undefined) return;
    const id = await idOf(earlier, spec.folder);
    if (id === null) return;
    await statusOf(spec, earlier.submission);
    await objects.removeWhole(objectOf(earlier), id, spec.grace_seconds);
  }

  async function statusOf(spec: Pick<JobSpec, 'folder'>, submission: number): Promise<JobStatus> {
    const here = submissionFolder(spec.folder, submission);
    const claim = claims(spec.folder).find((known) => known.submission === submission);
    if (claim === undefined) return { state: 'lost', exit_code: null, detail: 'no trace of it in its run folder', restarts: 0 };
    const recorded = readFile(join(here, 'kubernetes.json'), Submitted);
    const found = await objects.get(objectOf(claim)).catch((error: unknown) => {
      // What a plain Job left in its run folder is final, whether or not the API answers.
      const final = settings.kind === 'job' ? resultOf(here) : null;
      if (final === null) throw error;
      return null;
    });
    const object = found !== null && isOf(found, claim) ? found : null;
    if (object === null && recorded === null && resultOf(here) === null && !isBarred(ownerOf(here))) {
      return { state: 'pending', exit_code: null, detail: 'claimed, not submitted yet', restarts: 0 };
    }
    const pods = object === null ? [] : await objects.podsOf(objectOf(claim));
    const look = () =>
      kubernetesStatus(object, pods, {
        result: resultOf(here),
        request: requestOf(here),
        barred: isBarred(ownerOf(here)),
        ended: readFile(join(here, 'ended.json'), JobStatus),
      });
    const status = look();
    if (!isOver(status) || object === null || resultOf(here) !== null || existsSync(join(here, 'ended.json'))) return status;
    // Read after the API was asked: a job that it calls ended has left its result by then. Shared file systems may lag.
    if (ownerOf(here) !== null && !isBarred(ownerOf(here))) {
      if (await within(5_000, () => readdirSync(here).includes('result.json'), 500)) return look();
    }
    // The object does not stay for ever.
    write(join(here, 'ended.json'), status);
    return status;
  }
}

function isOf({ metadata }: JobObject, { claim_id }: Claim): boolean {
  return metadata.annotations?.[claimAnnotation] === claim_id;
}

function refOf({ name: job, submission, submitted_at }: Claim, id: string): JobRef {
  return { name: job, id, submitted_at, submission };
}

function isOver({ state }: JobStatus): boolean {
  return state !== 'pending' && state !== 'running';
}
