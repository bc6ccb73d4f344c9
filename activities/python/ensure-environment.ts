import { createHash } from 'node:crypto';
import { existsSync, globSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { paths } from '../../platform/home.ts';
import { withLock } from '../../platform/lock.ts';
import { syncFolder } from '../../platform/sync-folder.ts';
import { messageOf, Problem } from '../../schemas/problem.ts';
import { environments, lockFileOf, type EnvironmentDefinition, type EnvironmentName } from './environments.ts';
import { findPython, inWords } from './find-python.ts';
import { runTool } from './run-tool.ts';
import { ensureUv } from './uv.ts';

/** A Python environment that is there. */
export interface PythonEnvironment {
  name: string;
  folder: string;
  /** The interpreter; the programs of its packages lie beside it. */
  python: string;
  /** Of the lock file: two environments of one hash have the same packages. */
  lock_sha256: string;
  /** Version by name of package, in lower case. */
  versions: Readonly<Record<string, string>>;
}

export interface EnsureOptions {
  /** What is being done, in a few words without line end. */
  onProgress?: (text: string) => void;
  signal?: AbortSignal;
}

/** A description that is none of Tracemill's own, such as that of a test. */
export interface DescribedEnvironment extends EnvironmentDefinition {
  name: string;
  lockFile: string;
}

/** How long another process may take that builds the same environment. */
const buildTimeoutMs = 3_600_000;

/**
 * The environment of that name, built from its lock file on first use: minutes for those with torch, of which the most goes
 * into downloads. Builds of two processes run one after the other, and one that was killed leaves nothing that is taken for
 * an environment. Throws `Problem` python_environment_failed with the last lines of what failed, or the signal's reason.
 */
export async function ensureEnvironment(name: EnvironmentName, options: EnsureOptions = {}): Promise<PythonEnvironment> {
  return await ensureDescribed(described(name), options);
}

/** {@link ensureEnvironment} for a description of one's own. */
export async function ensureDescribed(definition: DescribedEnvironment, options: EnsureOptions = {}): Promise<PythonEnvironment> {
  const { onProgress = () => undefined, signal } = options;
  const environment = place(definition);
  if (await works(environment, signal)) return environment;
  const progress = (text: string) => onProgress(`Python environment ${definition.name} (${definition.purpose}): ${text}`);
  return await withLock(
    `python-${definition.name}`,
    async () => {
      // Another process may have built it first.
      if (!(await works(environment, signal))) await build(definition, environment, progress, signal);
      return environment;
    },
    { timeoutMs: buildTimeoutMs, onWait: () => progress('another process builds it; waiting'), ...(signal && { signal }) },
  );
}

function described(name: EnvironmentName): DescribedEnvironment {
  return { ...environments[name], name, lockFile: lockFileOf(name) };
}

function place({ name, lockFile, files = {} }: DescribedEnvironment): PythonEnvironment {
  const lock = readFileSync(lockFile, 'utf8');
  const sha256 = createHash('sha256').update(lock).digest('hex');
  const key = createHash('sha256')
    .update(JSON.stringify([sha256, files]))
    .digest('hex')
    .slice(0, 12);
  const folder = join(paths.cache(), 'python', `${name}-${key}`);
  const locked = lock.matchAll(/^([A-Za-z0-9._-]+)==([^\s;\\]+)/gm);
  const versions = Object.fromEntries([...locked].map(([, package_ = '', version = '']) => [package_.toLowerCase(), version]));
  return { name, folder, python: join(folder, 'bin', 'python'), lock_sha256: sha256, versions };
}

/** Its interpreter is a link to the system's, which an upgrade of the system may have taken away. */
async function works({ python }: PythonEnvironment, signal: AbortSignal | undefined): Promise<boolean> {
  if (!existsSync(python)) return false;
  try {
    await runTool(python, ['-I', '-c', 'pass'], { ...(signal && { signal }) });
    return true;
  } catch {
    signal?.throwIfAborted();
    return false;
  }
}

async function build(
  definition: DescribedEnvironment,
  { folder, name }: PythonEnvironment,
  onProgress: (text: string) => void,
  signal: AbortSignal | undefined,
): Promise<void> {
  const { from, to } = definition.python;
  const interpreter = await findPython(definition.python, signal);
  if (interpreter === undefined) {
    throw new Problem(
      'python_missing',
      `the Python environment ${name} needs Python ${inWords(from)} to ${inWords(to)}, and there is none`,
      {
        hint: `install one, such as Debian's python3 with python3-pip, and put it on PATH`,
      },
    );
  }
  mkdirSync(dirname(folder), { recursive: true });
  // Under the lock of this name, so that what lies there was left by a process that is gone.
  for (const left of globSync(join(dirname(folder), `.building-${name}-*`))) rmSync(left, { recursive: true, force: true });
  const aside = join(dirname(folder), `.building-${name}-${process.pid}`);
  try {
    const uv = await ensureUv(interpreter.path, { onProgress, ...(signal && { signal }) });
    const run = async (args: string[]) =>
      await runTool(uv, args, {
        env: { VIRTUAL_ENV: aside, UV_PYTHON_DOWNLOADS: 'never', UV_NO_CONFIG: '1' },
        // Not the list of what was installed, one package a line: the lock file has it.
        onLine: (line) => {
          if (!line.startsWith(' +')) onProgress(line.trim());
        },
        ...(signal && { signal }),
      });
    onProgress(`building it with Python ${inWords(interpreter.version)}`);
    // Relocatable: it is built aside, and its programs must find their interpreter in its last place.
    await run(['venv', '--quiet', '--relocatable', '--python', interpreter.path, aside]);
    await run(['pip', 'sync', '--require-hashes', definition.lockFile]);
    writeFiles(aside, definition.files ?? {});
    rmSync(folder, { recursive: true, force: true });
    renameSync(aside, folder);
    await syncFolder(dirname(folder));
  } catch (error) {
    signal?.throwIfAborted();
    if (error instanceof Problem) throw error;
    throw new Problem('python_environment_failed', `the Python environment ${name} could not be built: ${messageOf(error)}`, {
      hint: 'its packages come from PyPI: check that pip and uv reach it (UV_DEFAULT_INDEX names another index) and that the disk has room, then run the command again',
      cause: error,
    });
  } finally {
    rmSync(aside, { recursive: true, force: true });
  }
}

function writeFiles(environment: string, files: Readonly<Record<string, string>>): void {
  if (Object.keys(files).length === 0) return;
  const packages = globSync(join(environment, 'lib', 'python3*', 'site-packages')).at(0);
  if (packages === undefined) throw new Error('the new environment has no folder of packages');
  for (const [path, text] of Object.entries(files)) {
    const target = join(packages, path);
    mkdirSync(dirname(target), { recursive: true });
    writeFileSync(target, text);
  }
}
