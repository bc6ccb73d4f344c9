import { type AskSlurm, requireAnswer } from './ask-slurm.ts';
import { unreachable } from '../job-problem.ts';
import type { Claim } from '../run-folder.ts';

/** A job as Slurm describes it. */
export interface SlurmJob {
  id: string;
  name: string;
  /** Slurm's own word, without what may follow it: CANCELLED, not "CANCELLED by 0". */
  state: string;
  reason: string;
  /** In UTC. A requeue changes it. */
  submitted: string;
  comment: string;
  restarts: number;
  /** As a shell says it. */
  exitCode: number | null;
  runSeconds: number | null;
  limitSeconds: number | null;
}

/** The comment by which a submission's job is known. Ids and names are used again. */
export function commentOf(claimId: string): string {
  return `tracemill:${claimId}`;
}

/** The jobs of one submission that the controller knows, oldest first: those that run or ended within `MinJobAge`. */
export async function jobsOfClaim(ask: AskSlurm, name: string, claimId: string): Promise<string[]> {
  const answer = requireAnswer('squeue', await ask('squeue', ['--me', `--name=${name}`, '--states=all', '-h', '-o', '%i|%k']));
  const rows = answer.split('\n').map((line) => line.trim().split('|'));
  const ids = rows.filter(([, comment]) => comment === commentOf(claimId)).map(([id]) => id ?? '');
  return ids.toSorted((a, b) => Number(a) - Number(b));
}

/**
 * The job of a submission by its id: of the controller, else of the accounting; null when neither knows it, or another job
 * has the id by now.
 */
export async function jobOf(ask: AskSlurm, id: string, claim: Claim): Promise<SlurmJob | null> {
  const comment = commentOf(claim.claim_id);
  const shown = await ask('scontrol', ['show', 'job', '-o', id]);
  if (shown.code === 0) {
    const job = parseShown(shown.stdout);
    return job.comment === comment ? job : null;
  }
  if (!/Invalid job id/i.test(shown.stderr))
    throw unreachable('Slurm', 'answer scontrol', shown.stderr.trim() || `exit code ${shown.code}`);
  // Without a database sacct fails; what is known is then in the run folder alone.
  const format = 'JobIDRaw,JobName,State,ExitCode,Submit,ElapsedRaw,TimelimitRaw,Comment';
  const accounted = await ask('sacct', ['-X', '-n', '-P', '-j', id, '-o', format]).catch(() => null);
  if (accounted === null || accounted.code !== 0) return null;
  const jobs = accounted.stdout
    .split('\n')
    .filter((line) => line !== '')
    .map(parseAccounted);
  // Comments are kept only where AccountingStoreFlags says so. Clocks of two machines differ a little.
  const earliest = Date.parse(claim.submitted_at) - 300_000;
  const isOurs = (job: SlurmJob) => job.comment === comment || (job.comment === '' && Date.parse(`${job.submitted}Z`) >= earliest);
  return jobs.findLast((job) => job.name === claim.name && isOurs(job)) ?? null;
}

/** A line of `scontrol show job -o`. */
export function parseShown(line: string): SlurmJob {
  const field = (name: string) => new RegExp(`(?:^|\\s)${name}=(\\S*)`).exec(line)?.[1] ?? '';
  return {
    id: field('JobId'),
    name: field('JobName'),
    state: field('JobState'),
    reason: field('Reason'),
    submitted: field('SubmitTime'),
    comment: field('Comment'),
    restarts: Number(field('Restarts')) || 0,
    exitCode: exitCode(field('ExitCode')),
    runSeconds: parseDuration(field('RunTime')),
    limitSeconds: parseDuration(field('TimeLimit')),
  };
}

function parseAccounted(line: string): SlurmJob {
  const [id = '', name = '', state = '', exit = '', submitted = '', elapsed = '', limit = '', comment = ''] = line.split('|');
  return {
    id,
    name,
    state: state.split(' ')[0] ?? '',
    reason: state.includes(' ') ? state : '',
    submitted,
    comment,
    restarts: 0,
    exitCode: exitCode(exit),
    runSeconds: Number(elapsed) || null,
    // In minutes.
    limitSeconds: Number(limit) * 60 || null,
  };
}

/** `code:signal` as a shell says it. */
function exitCode(text: string): number | null {
  const [, code, signal] = /^(\d+):(\d+)$/.exec(text) ?? [];
  if (code === undefined || signal === undefined) return null;
  return signal === '0' ? Number(code) : 128 + Number(signal);
}

/** `1-02:03:04`, `02:03:04`, `03:04` or `04` in seconds; null for UNLIMITED and what is none. */
export function parseDuration(text: string): number | null {
  const [, days = '0', clock] = /^(?:(\d+)-)?(\d+(?::\d+){0,2})$/.exec(text) ?? [];
  if (clock === undefined) return null;
  return Number(days) * 86_400 + clock.split(':').reduce((seconds, part) => seconds * 60 + Number(part), 0);
}
