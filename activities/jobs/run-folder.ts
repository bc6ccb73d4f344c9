import { randomUUID } from 'node:crypto';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { createFile } from '../../platform/create-file.ts';
import { isMissingFile } from '../../platform/missing-file.ts';
import { replaceFile } from '../../platform/replace-file.ts';
import { Problem } from '../../schemas/problem.ts';
import { refused } from './job-problem.ts';
import type { JobSpec } from '../../schemas/job.ts';

/**
 * What lies in a job's run folder. Each submission has a folder of its own, `submissions/<n>`; `output.log` is one for all.
 * `claim.json` comes first and is created by exactly one process, so that there is one submission of each number.
 */
const Claim = z.object({
  format: z.literal(1),
  submission: z.int().min(1),
  name: z.string(),
  backend: z.string(),
  spec_sha256: z.string(),
  /** Of this submission alone; a scheduler carries it, so that its job is known whatever name and id say. */
  claim_id: z.string(),
  submitted_at: z.string(),
});
export type Claim = z.infer<typeof Claim>;

/** Who runs the program: written by the first one that starts, which makes every other one end. */
const Owner = z.object({
  format: z.literal(1),
  owner: z.string(),
  pid: z.int(),
  /** The kernel's start time of the process in clock ticks: a later process with this pid is another one. */
  started: z.string(),
  boot_id: z.string(),
  host: z.string(),
  at: z.string(),
});
export type Owner = z.infer<typeof Owner>;

/** How the program ended, of the newest start by the backend. */
const RunResult = z.object({
  format: z.literal(1),
  /** As a shell says it: 128 + n for signal n. */
  exit_code: z.int(),
  started_at: z.string(),
  ended_at: z.string(),
  restart: z.int().min(0),
  /** Whether USR1 came: the program was asked to write a checkpoint and to end. */
  checkpoint_asked: z.boolean(),
  /** Whether TERM came. */
  terminated: z.boolean(),
  /** Whether its own time limit ended it, where the backend keeps none. */
  timed_out: z.boolean(),
  /** Processes that the kernel killed on that machine for want of memory while it ran. */
  oom_kills: z.int(),
});
export type RunResult = z.infer<typeof RunResult>;

/** What was asked of the job by this program, as opposed to by the backend. */
const StopRequest = z.object({ asked: z.enum(['checkpoint', 'cancel']), at: z.string() });
/** How many processes of the program were told to write a checkpoint. */
const CheckpointNotice = z.object({ heard: z.int(), at: z.string() });

export function submissionFolder(folder: string, submission: number): string {
  return join(folder, 'submissions', String(submission));
}

/** Claims of all submissions, oldest first. */
export function claims(folder: string): Claim[] {
  const parent = join(folder, 'submissions');
  if (!existsSync(parent)) return [];
  const numbers = readdirSync(parent).map(Number).filter(Number.isInteger);
  const found = numbers.toSorted((a, b) => a - b).map((number) => read(join(parent, String(number), 'claim.json'), Claim));
  return found.filter((claim) => claim !== null);
}

export const ownerOf = (here: string): Owner | null => read(join(here, 'owner.json'), Owner);
export const resultOf = (here: string): RunResult | null => read(join(here, 'result.json'), RunResult);
export const noticeOf = (here: string): z.infer<typeof CheckpointNotice> | null => read(join(here, 'checkpoint.json'), CheckpointNotice);

/** The stronger of what was asked of a submission; null when nothing was. */
export function requestOf(here: string): 'checkpoint' | 'cancel' | null {
  for (const asked of ['cancel', 'checkpoint'] as const) if (read(requestPath(here, asked), StopRequest) !== null) return asked;
  return null;
}

/** Remembered before the job is told, so that its ending is understood whoever sees it. */
export function rememberRequest(here: string, asked: 'checkpoint' | 'cancel'): void {
  createFile(requestPath(here, asked), `${JSON.stringify({ asked, at: new Date().toISOString() })}\n`);
}

function requestPath(here: string, asked: string): string {
  return join(here, `asked-${asked}.json`);
}

/** Makes sure that a submission whose program did not start yet never starts; says whether it was in time. */
export function barFromStarting(here: string): boolean {
  const nobody: Owner = { format: 1, owner: 'nobody', pid: 0, started: '', boot_id: '', host: '', at: new Date().toISOString() };
  return createFile(join(here, 'owner.json'), `${JSON.stringify(nobody)}\n`);
}

export function isBarred(owner: Owner | null): boolean {
  return owner?.owner === 'nobody';
}

/**
 * The submission that a caller gets who saw `again` jobs of this name end: the newest one, or a new one, claimed for it.
 * `ended` says whether a submission has ended. Throws `Problem` job_refused on another specification or lost history.
 */
export async function claimSubmission(
  spec: JobSpec,
  again: number,
  backend: string,
  ended: (claim: Claim) => Promise<boolean>,
): Promise<Claim> {
  const newest = claims(spec.folder).at(-1);
  if (newest !== undefined) requireSame(spec, newest, backend);
  const known = newest?.submission ?? 0;
  if (again > known) {
    throw refused(spec.name, `${again} jobs of it have ended, but ${spec.folder} knows ${known}`, 'bring that folder back, or start anew');
  }
  if (newest !== undefined && (again < known || !(await ended(newest)))) return newest;
  const submission = known + 1;
  const claim: Claim = {
    format: 1,
    submission,
    name: spec.name,
    backend,
    spec_sha256: spec.spec_sha256,
    claim_id: randomUUID(),
    submitted_at: new Date().toISOString(),
  };
  const path = join(submissionFolder(spec.folder, submission), 'claim.json');
  if (createFile(path, `${JSON.stringify(claim, null, 2)}\n`)) return claim;
  const other = read(path, Claim);
  if (other === null) throw new Problem('job_backend_unreachable', `job ${spec.name}: ${path} cannot be read yet`);
  requireSame(spec, other, backend);
  return other;
}

function requireSame(spec: JobSpec, claim: Claim, backend: string): void {
  if (claim.spec_sha256 !== spec.spec_sha256) {
    const differ = `a job of this name was submitted with another specification (${claim.spec_sha256.slice(0, 12)}, not ${spec.spec_sha256.slice(0, 12)})`;
    throw refused(spec.name, differ, `give it another name, or remove ${spec.folder} when nothing of it is needed`);
  }
  if (claim.backend !== backend) {
    throw refused(spec.name, `it was submitted to ${claim.backend}, not ${backend}`, `remove ${spec.folder} to run it elsewhere`);
  }
}

/** Reads a file of the run folder; null while it is not there, or only a part of it is. */
export function read<Shape extends z.ZodType>(path: string, shape: Shape): z.infer<Shape> | null {
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch (error) {
    if (isMissingFile(error)) return null;
    throw error;
  }
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return null;
  }
  const parsed = shape.safeParse(value);
  if (parsed.success) return parsed.data;
  throw new Problem('invalid_job_folder', `${path} is not what this version writes: ${z.prettifyError(parsed.error)}`, {
    hint: 'was it written by another version, or changed by hand?',
  });
}

/** Writes a file of the run folder whole, durably. */
export function write(path: string, value: unknown): void {
  replaceFile(path, `${JSON.stringify(value, null, 2)}\n`);
}
