import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Task } from '../../schemas/task.ts';
import { quote } from '../../platform/quote.ts';
import { closedGit, type JobContainer } from '../sandbox/index.ts';

const functions = readFileSync(join(import.meta.dirname, 'programs', 'workspace.sh'), 'utf8');

/** Where the verifier's own files lie in its containers. */
export const verifierFolder = '/.tracemill';

/** Thousands of files are put back in minutes. */
const stepTimeoutMs = 600_000;

/** Runs a script in the repository, with the functions of `programs/workspace.sh`. */
export type WorkspaceShell = (script: string) => ReturnType<JobContainer['exec']>;

/** What has to lie in the container before a {@link workspaceShell} is used. */
export const workspaceFiles: readonly (readonly [string, string])[] = [
  [`${verifierFolder}/closed-git.sh`, closedGit],
  [`${verifierFolder}/workspace.sh`, functions],
];

export function workspaceShell(job: JobContainer, task: Task, workdir: string): WorkspaceShell {
  const head = `cd ${quote(workdir)} || exit 9\nTM=${verifierFolder}\nBASE=${task.base_commit}\n. ${verifierFolder}/workspace.sh\n`;
  return (script) => job.exec(head + script, { timeoutMs: stepTimeoutMs, maxBytes: 16 * 1024 * 1024 });
}
