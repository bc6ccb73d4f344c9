import { execFile } from 'node:child_process';
import { existsSync, globSync, mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { paths } from '../../platform/home.ts';

const execute = promisify(execFile);

/** A Python that has the package `swebench`, fetched once, without its dependencies: its log parsers need none. Undefined where it cannot be had. */
export async function sweBenchPython(): Promise<string | undefined> {
  const given = process.env['SWEBENCH_PYTHON'];
  if (given !== undefined) return given;
  const environment = join(paths.cache(), 'bench', 'swebench-4.1.0');
  const python = join(environment, 'bin', 'python');
  if (hasPackage(environment)) return python;
  try {
    mkdirSync(environment, { recursive: true });
    await execute('python3', ['-m', 'venv', environment]);
    await execute(python, ['-m', 'pip', 'install', '--quiet', '--no-deps', 'swebench==4.1.0']);
  } catch {
    // Without network or venv the speeds stand alone, and the table says so.
  }
  if (hasPackage(environment)) return python;
  rmSync(environment, { recursive: true, force: true });
  return undefined;
}

function hasPackage(environment: string): boolean {
  return globSync(join(environment, 'lib', 'python3*', 'site-packages', 'swebench')).some((folder) => existsSync(folder));
}
