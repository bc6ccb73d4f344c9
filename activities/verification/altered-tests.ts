import type { Task } from '../../schemas/task.ts';
import { isTestPath } from '../patches/test-paths.ts';
import { testInfrastructure } from '../patches/test-infrastructure.ts';
import type { WorkspaceShell } from './workspace.ts';

/** Path → hash of the content, or what else is there, of the files that differ from the base commit. */
export type ChangedFiles = ReadonlyMap<string, string>;

/** Takes milliseconds in any repository: git looks at the time stamps of the others only. */
export async function changedFiles(shell: WorkspaceShell): Promise<ChangedFiles> {
  const { exitCode, stdout } = await shell('changed');
  // Tests that take the repository away have changed all of it.
  if (exitCode !== 0) return new Map([['.git', 'gone']]);
  return new Map(
    stdout
      .split('\n')
      .filter((line) => line !== '')
      .map((line) => [line.slice(line.indexOf(' ') + 1), line.slice(0, line.indexOf(' '))]),
  );
}

/**
 * Files of the tests, and those that control how they run, that changed after the test commands began: a build file or a
 * source rewrote them. Files that the tests add are not among them.
 */
export function alteredTests(task: Pick<Task, 'language'>, before: ChangedFiles, after: ChangedFiles): string[] {
  const matters = (path: string) => path === '.git' || isTestPath(task.language, path) || testInfrastructure(path, false) === 'whole';
  return [...new Set([...before.keys(), ...after.keys()])].filter((path) => matters(path) && before.get(path) !== after.get(path)).sort();
}
