import type { Task } from '../../schemas/task.ts';
import { isTestPath } from '../patches/test-paths.ts';
import { testInfrastructure } from '../patches/test-infrastructure.ts';
import { inPortions } from './path-lists.ts';
import { quote } from '../../platform/quote.ts';
import type { WorkspaceShell } from './workspace-shell.ts';

/** Path → hash of the content, or what else is there, of the files of the tests that differ from the base commit. */
export type ChangedFiles = ReadonlyMap<string, string>;

/** Takes milliseconds in any repository: git looks at the time stamps of the others only. */
export async function changedFiles(shell: WorkspaceShell, task: Pick<Task, 'language'>): Promise<ChangedFiles> {
  const { exitCode, stdout } = await shell('changed');
  // Tests that take the repository away have changed all of it.
  if (exitCode !== 0) return new Map([['.git', 'gone']]);
  const found = new Map<string, string>();
  for (const paths of inPortions(stdout.split('\0').filter((path) => path !== '' && matters(task, path)))) {
    const states = await shell(`state ${paths.map(quote).join(' ')}`);
    const lines = states.stdout.split('\n');
    for (const [at, path] of paths.entries()) found.set(path, lines[at] ?? '');
  }
  return found;
}

/**
 * Files of the tests, and those that control how they run, that changed after the test commands began: a build file or a
 * source rewrote them. Files that the tests add are not among them.
 */
export function alteredTests(before: ChangedFiles, after: ChangedFiles): string[] {
  return [...new Set([...before.keys(), ...after.keys()])].filter((path) => before.get(path) !== after.get(path)).sort();
}

function matters({ language }: Pick<Task, 'language'>, path: string): boolean {
  return isTestPath(language, path) || testInfrastructure(path, false) === 'whole';
}
