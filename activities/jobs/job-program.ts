import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { quote } from '../../platform/quote.ts';
import { replaceFile } from '../../platform/replace-file.ts';
import { refused } from './job-problem.ts';
import type { JobSpec } from '../../schemas/job.ts';

const program = readFileSync(join(import.meta.dirname, 'programs', 'run-job.sh'), 'utf8');

/**
 * Puts into a submission's folder what runs the job: `run-job.sh` with the job's settings and environment. `timed`: whether
 * that program keeps the time limit itself, for want of a scheduler. Gives the command that starts it.
 * A copy, because the job may outlive the checkout, and runs where there is none.
 */
export function writeJobProgram(spec: JobSpec, submission: number, here: string, timed: boolean): string[] {
  const limit = timed ? spec.needs.time_limit_seconds : null;
  // A job shorter than its grace is asked half-way.
  const checkpointAfter = limit === null ? null : Math.max(limit - spec.grace_seconds, limit / 2);
  const settings = [
    `name=${quote(spec.name)} folder=${quote(spec.folder)} submission=${submission} nodes=${spec.needs.nodes}`,
    `grace=${spec.grace_seconds} checkpoint_after=${checkpointAfter ?? "''"} stop_after=${limit === null ? "''" : limit - (checkpointAfter ?? 0)}`,
    `program() { exec ${spec.command.map(quote).join(' ')}; }`,
  ];
  const environment = Object.entries(spec.environment).map(([name, value]) => {
    if (!/^[A-Za-z_][A-Za-z0-9_]*$/.test(name)) {
      throw refused(spec.name, `"${name}" is no name of an environment variable`, 'use letters, digits and "_"');
    }
    return `export ${name}=${quote(value)}`;
  });
  replaceFile(join(here, 'settings.sh'), `${settings.join('\n')}\n`);
  // It may hold a key of the user's.
  replaceFile(join(here, 'environment.sh'), `${environment.join('\n')}\n`, 0o600);
  replaceFile(join(here, 'run-job.sh'), program);
  return ['sh', join(here, 'run-job.sh'), here];
}

/** What a job inherits of the worker's environment. All else, above all keys, it gets only when its specification says so. */
const inherited = ['PATH', 'HOME', 'USER', 'LOGNAME', 'LANG', 'LC_ALL', 'TMPDIR', 'LD_LIBRARY_PATH'];

/** The environment in which a job, or a program that submits it, starts. */
export function inheritedEnvironment(more: readonly string[] = []): Record<string, string> {
  return Object.fromEntries(
    [...inherited, ...more].flatMap((name) => {
      const value = process.env[name];
      return value === undefined ? [] : [[name, value]];
    }),
  );
}
