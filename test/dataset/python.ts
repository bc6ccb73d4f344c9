import { execFile } from 'node:child_process';
import { existsSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { paths } from '../../platform/home.ts';

const run = promisify(execFile);

/**
 * Runs a Python program that needs pyarrow, installed from the package index once into the cache. `--target` rather
 * than a virtual environment, since bare Debian has no `ensurepip`.
 */
export async function pythonWithPyarrow(program: string, ...args: string[]): Promise<string> {
  const folder = await pyarrowFolder();
  const { stdout } = await run('python3', ['-c', program, ...args], {
    env: { ...process.env, PYTHONPATH: folder },
    maxBuffer: 64 * 1024 * 1024,
  });
  return stdout;
}

export async function pyarrowFolder(): Promise<string> {
  const folder = join(paths.cache(), 'pyarrow');
  if (existsSync(folder)) return folder;
  const partial = `${folder}.${process.pid}`;
  try {
    await run('python3', ['-m', 'pip', 'install', '--quiet', '--disable-pip-version-check', '--target', partial, 'pyarrow']);
    if (!existsSync(folder)) renameSync(partial, folder);
  } finally {
    rmSync(partial, { recursive: true, force: true });
  }
  return folder;
}
