import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, existsSync, openSync, readFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { messageOf, Problem } from '../../../schemas/problem.ts';
import type { JobRef, JobSpec, JobStatus } from '../../../schemas/job.ts';
import type { JobBackend } from '../job-backend.ts';
import { unreachable } from '../job-problem.ts';
import { inheritedEnvironment, writeJobProgram } from '../job-program.ts';
import { membersOf, ownerLives, sendSignal } from '../processes.ts';
import { readOutput } from '../read-output.ts';
import {
  barFromStarting,
  type Claim,
  claims,
  claimSubmission,
  isBarred,
  noticeOf,
  type Owner,
  ownerOf,
  rememberRequest,
  requestOf,
  resultOf,
  submissionFolder,
} from '../run-folder.ts';
import { statusOfResult } from '../run-result.ts';
import { within } from '../within.ts';
import { requireNeeds, thisMachine } from './machine.ts';

const name = 'local';

/**
 * Jobs as processes of this machine, each in a session of its own, so that they outlive the worker. The claim in the run
 * folder comes before the process, and the first process to take the claim is the only one to run the program.
 */
export const localBackend: JobBackend = {
  name,

  async check(spec) {
    requireNeeds(spec, await thisMachine());
  },

  async find({ folder }) {
    const newest = claims(folder).at(-1);
    return newest === undefined ? null : refOf(newest);
  },

  async submit(spec, again) {
    const claim = await claimSubmission(spec, again, name, async (newest) => isOver(await statusOf(spec, newest.submission)));
    const here = submissionFolder(spec.folder, claim.submission);
    // Also for a claim whose submitter died before the process came up.
    if (ownerOf(here) === null) await start(spec, claim.submission, here);
    return refOf(claim);
  },

  status: (ref, spec) => statusOf(spec, ref.submission),

  async signal(ref, spec, signal) {
    const here = submissionFolder(spec.folder, ref.submission);
    rememberRequest(here, signal);
    const owner = ownerOf(here);
    if (owner !== null && lives(owner)) sendSignal(owner.pid, 'SIGUSR1');
    else if (owner === null) barFromStarting(here);
  },

  async cancel(ref, spec) {
    const here = submissionFolder(spec.folder, ref.submission);
    if (isOver(await statusOf(spec, ref.submission))) return;
    rememberRequest(here, 'cancel');
    if (barFromStarting(here)) return;
    const owner = ownerOf(here);
    if (owner !== null) await end(owner, here, spec);
  },

  logs: (_ref, spec, offset, maxBytes) => readOutput(join(spec.folder, 'output.log'), offset, maxBytes),
};

function refOf({ name: job, submission, submitted_at }: Claim): JobRef {
  return { name: job, id: String(submission), submitted_at, submission };
}

async function start(spec: JobSpec, submission: number, here: string): Promise<void> {
  const [program = 'sh', ...args] = writeJobProgram(spec, submission, here, true);
  const log = join(here, 'run-job.log');
  const output = openSync(log, 'a');
  try {
    const child = spawn(program, args, {
      cwd: spec.folder,
      detached: true,
      stdio: ['ignore', output, output],
      env: inheritedEnvironment(),
    });
    await once(child, 'spawn');
    child.unref();
  } catch (error) {
    throw unreachable('this machine', `start job ${spec.name}`, messageOf(error), error);
  } finally {
    closeSync(output);
  }
  if (await within(30_000, () => ownerOf(here) !== null)) return;
  const said = existsSync(log) ? readFileSync(log, 'utf8').trim().split('\n').slice(-3).join(' / ') : '';
  throw unreachable('this machine', `start job ${spec.name}`, `its process does not come up${said === '' ? '' : `: ${said}`}`);
}

async function statusOf(spec: Pick<JobSpec, 'folder'>, submission: number): Promise<JobStatus> {
  const here = submissionFolder(spec.folder, submission);
  const request = requestOf(here);
  const unfinished = (state: JobStatus['state'], detail: string): JobStatus => ({ state, exit_code: null, detail, restarts: 0 });
  const result = resultOf(here);
  if (result !== null) return statusOfResult(result, request);
  const owner = ownerOf(here);
  if (owner === null) {
    const claimed = claims(spec.folder).some((claim) => claim.submission === submission);
    return claimed ? unfinished('pending', 'claimed, not started yet') : unfinished('lost', 'no trace of it in its run folder');
  }
  if (isBarred(owner)) return unfinished(request === 'cancel' ? 'cancelled' : 'preempted', 'told to end before it started');
  const alive = ownerLives(owner);
  if (alive === 'elsewhere') {
    throw new Problem('job_backend_unreachable', `a job runs as a process of ${owner.host}, and this is ${hostname()}`, {
      hint: `run the worker there; if that machine is gone for good, remove ${join(here, 'owner.json')}, and the job is started here`,
    });
  }
  if (alive === true) return unfinished('running', `process ${owner.pid}${request === null ? '' : `, asked to ${inWords(request)}`}`);
  // It may have left its result between the two looks.
  const late = resultOf(here);
  if (late !== null) return statusOfResult(late, request);
  if (alive === 'before_restart') return unfinished('node_failed', 'the machine was started anew while it ran');
  const members = membersOf(here);
  if (members.length > 0) {
    return unfinished('running', `process ${owner.pid}, which watched it, was killed; its program goes on as ${members.join(', ')}`);
  }
  if (request === 'cancel') return unfinished('cancelled', 'killed on request');
  return unfinished('lost', `process ${owner.pid}, which ran it, was killed from outside and left no result`);
}

function inWords(request: 'checkpoint' | 'cancel'): string {
  return request === 'cancel' ? 'end' : 'write a checkpoint and end';
}

function isOver({ state }: JobStatus): boolean {
  return state !== 'pending' && state !== 'running';
}

/** By a checkpoint when a process of the job can write one, then TERM, then KILL for whatever is left. */
async function end(owner: Owner, here: string, spec: JobSpec): Promise<void> {
  const gone = () => !lives(owner) && membersOf(here).length === 0;
  const asked = lives(owner) && sendSignal(owner.pid, 'SIGUSR1');
  // Nothing will be written by a program that does not listen.
  if (asked) await within(spec.grace_seconds * 1000, () => !lives(owner) || noticeOf(here)?.heard === 0);
  if (lives(owner)) {
    sendSignal(owner.pid, 'SIGTERM');
    if (await within(20_000, () => !lives(owner))) return;
    sendSignal(-owner.pid, 'SIGKILL');
  }
  for (const pid of membersOf(here)) sendSignal(pid, 'SIGKILL');
  if (!(await within(20_000, gone))) throw unreachable('this machine', `end job ${spec.name}`, 'its processes do not die');
}

function lives(owner: Owner): boolean {
  return ownerLives(owner) === true;
}
