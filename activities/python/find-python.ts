import { globSync } from 'node:fs';
import { homedir } from 'node:os';
import { delimiter, join } from 'node:path';
import type { EnvironmentDefinition, PythonVersion } from './environments.ts';
import { runTool } from './run-tool.ts';

interface FoundPython {
  path: string;
  version: PythonVersion;
}

/** `3.11` for [3, 11]. */
export function inWords([major, minor]: PythonVersion): string {
  return `${major}.${minor}`;
}

/** The interpreter with the lowest version of a range: the lower, the more packages have wheels for it. Undefined when there is none. */
export async function findPython({ from, to }: EnvironmentDefinition['python'], signal?: AbortSignal): Promise<FoundPython | undefined> {
  const found = (await Promise.all(candidates().map((path) => inspect(path, signal)))).filter((python) => python !== undefined);
  return found
    .filter(({ version }) => compare(version, from) >= 0 && compare(version, to) <= 0)
    .toSorted((left, right) => compare(left.version, right.version))
    .at(0);
}

/** Those on PATH first, then pyenv's: its shims on PATH fail for every version that is not switched on. */
function candidates(): string[] {
  const folders = (process.env['PATH'] ?? '').split(delimiter).filter((folder) => folder !== '');
  const pyenv = process.env['PYENV_ROOT'] ?? join(homedir(), '.pyenv');
  return [
    ...folders.flatMap((folder) => globSync('{python3,python3.[0-9]*}', { cwd: folder }).map((name) => join(folder, name))),
    ...globSync(join(pyenv, 'versions', '*', 'bin', 'python3')).toSorted(),
  ].filter((path) => /\/python3(\.\d+)?$/.test(path));
}

/** The version of an interpreter that works and can make environments; undefined for any other program. */
async function inspect(path: string, signal?: AbortSignal): Promise<FoundPython | undefined> {
  try {
    const said = await runTool(path, ['-I', '-c', 'import sys, zipfile, ssl; print(*sys.version_info[:2])'], { ...(signal && { signal }) });
    const version = /^(\d+) (\d+)$/.exec(said.trim());
    return version === null ? undefined : { path, version: [Number(version[1]), Number(version[2])] };
  } catch {
    signal?.throwIfAborted();
    return undefined;
  }
}

function compare(left: PythonVersion, right: PythonVersion): number {
  return left[0] - right[0] || left[1] - right[1];
}
