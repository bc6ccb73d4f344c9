import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { finishReplacements, localReleaseFolder } from '../../activities/dataset/local-release-folder.ts';
import { scratchFolder } from '../scratch-folder.ts';

const files = ['data/a/rows', 'data/b/rows', 'manifest.json'];

function write(text: string) {
  return async (draft: Parameters<Parameters<ReturnType<typeof localReleaseFolder>['replace']>[0]>[0]) => {
    for (const path of files) {
      const file = await draft.create(path);
      await file.write(Buffer.from(text));
      await file.close();
    }
  };
}

/** Runs a writer that dies before its n-th change; true when it died. */
function dies(folder: string, change: number): boolean {
  const home = join(dirname(folder), 'home');
  const { status, signal, stderr } = spawnSync(process.execPath, [join(import.meta.dirname, 'dying-writer.ts'), folder, String(change)], {
    env: { ...process.env, TRACEMILL_HOME: home },
    encoding: 'utf8',
  });
  if (signal !== 'SIGKILL' && status !== 0) throw new Error(stderr);
  return signal === 'SIGKILL';
}

describe('the writer of a release killed before any of its changes', () => {
  it('leaves the old release or the new one, whole, and the next writer replaces it', async () => {
    const parent = scratchFolder('release');
    const seen = new Set<string>();
    let change = 1;
    for (; ; change++) {
      const folder = join(parent, `v${change}`);
      await localReleaseFolder(folder).replace(write('old'));
      if (!dies(folder, change)) break;
      const release = localReleaseFolder(folder);
      const text = String(await release.read('manifest.json'));
      for (const path of files) expect(readFileSync(await release.localFile(path), 'utf8')).toBe(text);
      seen.add(text);
      await release.replace(write('next'));
      expect(String(await release.read('data/b/rows'))).toBe('next');
      expect(readdirSync(parent).filter((name) => name.startsWith('.'))).toEqual([]);
    }
    expect(change).toBeGreaterThan(12);
    expect([...seen].sort()).toEqual(['new', 'old']);
  }, 60_000);

  it('leaves one between the two renames too, which a worker that starts puts in place', async () => {
    const releases = scratchFolder('releases');
    const folder = join(releases, 'demo', 'v1');
    let change = 1;
    do {
      await localReleaseFolder(folder).replace(write('old'));
      expect(dies(folder, change++)).toBe(true);
    } while (existsSync(folder));
    await finishReplacements(releases);
    expect(readFileSync(join(folder, 'manifest.json'), 'utf8')).toBe('new');
    expect(readdirSync(dirname(folder)).filter((name) => name !== 'home')).toEqual(['v1']);
  }, 60_000);
});

describe('two writers of one release', () => {
  it('take turns', async () => {
    const release = localReleaseFolder(join(scratchFolder('release'), 'v1'));
    const order: string[] = [];
    const first = release.replace(async (draft) => {
      order.push('first begins');
      await sleep(300);
      await write('first')(draft);
      order.push('first ends');
    });
    await sleep(50);
    const second = release.replace(
      async (draft) => {
        order.push('second begins');
        await write('second')(draft);
      },
      { onWait: () => order.push('second waits') },
    );
    await Promise.all([first, second]);
    expect(order).toEqual(['first begins', 'second waits', 'first ends', 'second begins']);
    expect(String(await release.read('manifest.json'))).toBe('second');
  });

  it('do not wait longer than they are asked to', async () => {
    const release = localReleaseFolder(join(scratchFolder('release'), 'v1'));
    const stop = new AbortController();
    const first = release.replace(() => sleep(1000));
    await sleep(50);
    const second = release.replace(write('second'), { signal: stop.signal });
    stop.abort(new Error('not needed any more'));
    await expect(second).rejects.toThrow('not needed any more');
    await first;
  });
});

describe('a writer that fails', () => {
  it('leaves the release as it was', async () => {
    const release = localReleaseFolder(join(scratchFolder('release'), 'v1'));
    await release.replace(write('old'));
    const failing = release.replace(async (draft) => {
      await write('new')(draft);
      throw new Error('no more room');
    });
    await expect(failing).rejects.toThrow('no more room');
    expect(String(await release.read('manifest.json'))).toBe('old');
    expect(readdirSync(dirname(release.location))).toEqual(['v1']);
  });

  it('leaves nothing where there was nothing', async () => {
    const folder = join(scratchFolder('release'), 'v1');
    mkdirSync(dirname(folder), { recursive: true });
    writeFileSync(join(dirname(folder), 'neighbour'), '');
    await expect(localReleaseFolder(folder).replace(() => Promise.reject(new Error('nothing to write')))).rejects.toThrow('nothing');
    expect(readdirSync(dirname(folder))).toEqual(['neighbour']);
  });
});
