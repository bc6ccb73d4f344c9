import { execFile } from 'node:child_process';
import { existsSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { paths } from '../../platform/home.ts';

const run = promisify(execFile);

/** Runs a Python program that needs pyarrow. */
export function pythonWithPyarrow(program: string, ...args: string[]): Promise<string> {
  return pythonWith(pyarrowFolder(), program, args);
}

/** Runs a Python program that needs pyarrow, Polars or `datasets`. */
export function pythonWithReaders(program: string, ...args: string[]): Promise<string> {
  return pythonWith(packages('readers', ['pyarrow', 'polars', 'datasets']), program, args);
}

export function pyarrowFolder(): Promise<string> {
  return packages('pyarrow', ['pyarrow']);
}

async function pythonWith(folder: Promise<string>, program: string, args: string[]): Promise<string> {
  const { stdout } = await run('python3', ['-c', program, ...args], {
    env: { ...process.env, PYTHONPATH: await folder, HF_HUB_OFFLINE: '1', HF_HOME: join(paths.cache(), 'readers-home') },
    maxBuffer: 64 * 1024 * 1024,
  });
  return stdout;
}

/**
 * Packages from the package index, installed once into the cache. `--target` rather than a virtual environment, since bare Debian
 * has no `ensurepip`.
 */
async function packages(name: string, wanted: readonly string[]): Promise<string> {
  const folder = join(paths.cache(), name);
  if (existsSync(folder)) return folder;
  const partial = `${folder}.${process.pid}`;
  try {
    await run('python3', ['-m', 'pip', 'install', '--quiet', '--disable-pip-version-check', '--target', partial, ...wanted]);
    if (!existsSync(folder)) renameSync(partial, folder);
  } finally {
    rmSync(partial, { recursive: true, force: true });
  }
  return folder;
}
