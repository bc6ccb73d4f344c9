import { accessSync, constants, existsSync, readFileSync, renameSync, statSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { stringify } from 'yaml';
import { replaceFile } from '../platform/replace-file.ts';
import { messageOf, Problem } from '../schemas/problem.ts';
import type { Task } from '../schemas/task.ts';

/** Where a task is to be written: what would fail after minutes of tests is refused before. Throws `Problem` bad_arguments. */
export function requireWritable(file: string): void {
  const hint = 'give another --output, or none for standard output';
  if (statSync(file, { throwIfNoEntry: false })?.isDirectory() === true)
    throw new Problem('bad_arguments', `--output ${file} is a folder`, { hint: 'name a file in it' });
  let folder = dirname(resolve(file));
  while (!existsSync(folder) && folder !== dirname(folder)) folder = dirname(folder);
  try {
    if (!statSync(folder).isDirectory()) throw new Error(`${folder} is no folder`);
    accessSync(folder, constants.W_OK);
  } catch (cause) {
    throw new Problem('bad_arguments', `--output ${file}: ${messageOf(cause)}`, { cause, hint });
  }
}

/**
 * Writes a task file and its folders. Another file of this name is kept beside it: gives its new name, if there was one. Throws `Problem`
 * bad_arguments where the disk does not take it.
 */
export function writeTaskFile(file: string, task: Task): string | undefined {
  const text = stringify(task, { lineWidth: 0 });
  try {
    const before = existsSync(file) && readFileSync(file, 'utf8') !== text ? `${file}.before` : undefined;
    if (before !== undefined) renameSync(file, before);
    replaceFile(file, text);
    return before;
  } catch (cause) {
    throw new Problem('bad_arguments', `--output ${file}: ${messageOf(cause)}`, { cause, hint: 'give another --output' });
  }
}
