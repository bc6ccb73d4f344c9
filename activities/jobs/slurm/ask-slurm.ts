import { execFile } from 'node:child_process';
import { messageOf, Problem } from '../../../schemas/problem.ts';
import { unreachable } from '../job-problem.ts';
import { inheritedEnvironment } from '../job-program.ts';

/** What a client program of Slurm said. */
export interface SlurmAnswer {
  code: number;
  stdout: string;
  stderr: string;
}

/** Runs a client program of Slurm. Tests put another one in its place. */
export type AskSlurm = (program: string, args: readonly string[]) => Promise<SlurmAnswer>;

/** Times are told in UTC, whatever the user's settings. A job inherits what sbatch is given. */
const environmentOf = (program: string) => ({
  ...inheritedEnvironment(['SLURM_CONF']),
  ...(program === 'sbatch' ? {} : { TZ: 'UTC', SLURM_TIME_FORMAT: 'standard' }),
});

/**
 * Runs a client program of Slurm to its end. Throws `Problem` job_unmet_need when it is not installed here, and
 * job_backend_unreachable when it does not answer in time; any exit code is an answer.
 */
export const askSlurm: AskSlurm = async (program, args) =>
  await new Promise((resolve, reject) => {
    const settings = { env: environmentOf(program), timeout: 60_000, killSignal: 'SIGKILL', maxBuffer: 64 * 1024 ** 2 } as const;
    execFile(program, args, settings, (error, stdout, stderr) => {
      if (error === null) return resolve({ code: 0, stdout, stderr });
      if (typeof error.code === 'number') return resolve({ code: error.code, stdout, stderr });
      if (error.code === 'ENOENT') {
        return reject(
          new Problem('job_unmet_need', `this machine has no ${program}: it cannot submit to Slurm`, {
            hint: 'run the worker on a login node, or install slurm-client and its configuration',
          }),
        );
      }
      const reason = error.killed === true ? 'no answer within 60 s' : messageOf(error);
      reject(unreachable('Slurm', `run ${program}`, reason, error));
    });
  });

/** Throws unless the program ended well. */
export function requireAnswer(program: string, { code, stdout, stderr }: SlurmAnswer): string {
  if (code !== 0) throw unreachable('Slurm', `answer ${program}`, stderr.trim() || `exit code ${code}`);
  return stdout;
}
