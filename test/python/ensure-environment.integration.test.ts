import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeEach, describe, expect, it, onTestFinished, vi } from 'vitest';
import { type DescribedEnvironment, ensureDescribed } from '../../activities/python/ensure-environment.ts';
import { lockFileOf } from '../../activities/python/environments.ts';
import { paths, projectRoot } from '../../platform/home.ts';
import { scratchFolder } from '../scratch-folder.ts';

const tools = paths.tools();
let folder: string;

/** A home of its own that shares the fetched uv. */
beforeEach(() => {
  folder = scratchFolder('python');
  const home = join(folder, 'home');
  mkdirSync(home);
  mkdirSync(tools, { recursive: true });
  symlinkSync(tools, join(home, 'tools'));
  vi.stubEnv('TRACEMILL_HOME', home);
  onTestFinished(() => {
    vi.unstubAllEnvs();
  });
});

/** One small package with a program, as the lock file of a real environment names it. */
function small(change: (lock: string) => string = (lock) => lock): DescribedEnvironment {
  const lockFile = join(folder, 'small.txt');
  const locked = /^tqdm==.*\n(?: {4}--hash=.*\n)+/m.exec(readFileSync(lockFileOf('train'), 'utf8'));
  writeFileSync(lockFile, change(locked?.[0] ?? 'the lock file of train has no tqdm any more'));
  return { name: 'small', purpose: 'a test', lockFile, python: { from: [3, 9], to: [3, 14] }, files: { 'more/METADATA': 'Name: more\n' } };
}

function built(): string[] {
  const cache = join(paths.cache(), 'python');
  return existsSync(cache) ? readdirSync(cache) : [];
}

/** A process that builds the environment; with its progress as output. */
function builder(definition: DescribedEnvironment) {
  const program = `
    import { ensureDescribed } from ${JSON.stringify(join(projectRoot, 'activities/python/ensure-environment.ts'))};
    const { folder } = await ensureDescribed(${JSON.stringify(definition)}, { onProgress: (text) => console.log(text) });
    console.log('folder ' + folder);`;
  return spawn(process.execPath, ['--input-type=module', '-e', program], { stdio: ['ignore', 'pipe', 'inherit'] });
}

describe('a Python environment', () => {
  it('is built on first use, with its packages, their programs and the files that are missing in them', async () => {
    const said: string[] = [];
    const environment = await ensureDescribed(small(), { onProgress: (text) => said.push(text) });
    expect(said[0]).toContain('Python environment small (a test)');
    expect(said.join('\n')).toMatch(/Installed 1 package/);
    expect(environment.versions).toEqual({ tqdm: expect.stringMatching(/^\d+\./) });
    const program = join(environment.folder, 'bin', 'tqdm');
    expect(execFileSync(program, ['--version'], { encoding: 'utf8' }).trim()).toBe(environment.versions['tqdm']);
    const metadata = 'import pathlib, tqdm; print((pathlib.Path(tqdm.__file__).parent.parent / "more/METADATA").read_text())';
    expect(execFileSync(environment.python, ['-c', metadata], { encoding: 'utf8' }).trim()).toBe('Name: more');

    const again: string[] = [];
    expect(await ensureDescribed(small(), { onProgress: (text) => again.push(text) })).toEqual(environment);
    expect(again).toEqual([]);
  });

  it('is another one when its lock file is', async () => {
    const first = await ensureDescribed(small());
    const second = await ensureDescribed(small((lock) => `${lock}# changed\n`));
    expect(second.folder).not.toBe(first.folder);
    expect(built()).toHaveLength(2);
  });

  it('is built once for two processes that want it at the same time', async () => {
    const outputs = [builder(small()), builder(small())].map(async (child) => (await child.stdout.toArray()).join(''));
    const [first = '', second = ''] = await Promise.all(outputs);
    const folders = [first, second].map((output) => /folder (.*)/.exec(output)?.[1]);
    expect(folders[0]).toBeDefined();
    expect(folders[0]).toBe(folders[1]);
    expect(`${first}${second}`.match(/building it with/g)).toHaveLength(1);
  });

  it('is built anew after a kill in the middle, and nothing half is left', async () => {
    const child = builder(small());
    await once(child.stdout, 'data');
    child.kill('SIGKILL');
    await once(child, 'close');
    expect(built().filter((name) => name.startsWith('small-'))).toEqual([]);
    const { python } = await ensureDescribed(small());
    expect(execFileSync(python, ['-c', 'import tqdm; print("works")'], { encoding: 'utf8' })).toBe('works\n');
    expect(built().filter((name) => name.startsWith('.building'))).toEqual([]);
  });

  it('is built anew when its interpreter is gone', async () => {
    const { folder: place, python } = await ensureDescribed(small());
    execFileSync('ln', ['-sf', '/nowhere/python3', python]);
    expect((await ensureDescribed(small())).folder).toBe(place);
    expect(execFileSync(python, ['-c', 'import tqdm; print("works")'], { encoding: 'utf8' })).toBe('works\n');
  });

  it('fails with the last lines and a next step when a package is not the locked one', async () => {
    const wrong = small((lock) => lock.replaceAll(/sha256:[0-9a-f]{4}/g, 'sha256:0000'));
    await expect(ensureDescribed(wrong)).rejects.toMatchObject({
      code: 'python_environment_failed',
      message: expect.stringMatching(/environment small could not be built[^]*hash/i),
      hint: expect.stringContaining('PyPI'),
    });
    expect(built()).toEqual([]);
  });

  it('says which Python is missing', async () => {
    const future: DescribedEnvironment = { ...small(), python: { from: [3, 90], to: [3, 91] } };
    await expect(ensureDescribed(future)).rejects.toMatchObject({
      code: 'python_missing',
      message: expect.stringContaining('3.90 to 3.91'),
    });
  });

  it('stops when it is told to', async () => {
    const controller = new AbortController();
    const stopped = ensureDescribed(small(), { signal: controller.signal, onProgress: () => controller.abort(new Error('enough')) });
    await expect(stopped).rejects.toThrow('enough');
    expect(built()).toEqual([]);
  });
});
