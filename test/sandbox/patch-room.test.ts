import { describe, expect, it } from 'vitest';
import type { PatchIndex } from '../../activities/sandbox/patch-index.ts';
import type { Difference } from '../../activities/sandbox/patch-lists.ts';
import { undoing, withoutRoom } from '../../activities/sandbox/patch-room.ts';

const MiB = 1024 ** 2;
const object = '1'.repeat(40);
const difference = (path: string, oldMode = '000000'): Difference => ({
  path,
  oldMode,
  mode: '100644',
  oldObject: object,
  object,
  status: oldMode === '000000' ? 'A' : 'M',
});

/** A difference whose parts have these sizes, in MiB. */
const diffOf = (sizes: Record<string, number>) =>
  Buffer.concat(Object.entries(sizes).map(([path, size]) => Buffer.from(`diff --git a/${path} b/${path}\n${'+'.repeat(size * MiB)}\n`)));

const noIndex: Pick<PatchIndex, 'sizes'> = { sizes: async () => Promise.reject(new Error('not asked for')) };

async function dropped(sizes: Record<string, number>, tracked: string[] = [], added: string[] = []): Promise<string[]> {
  const differences = Object.keys(sizes).map((path) => difference(path, tracked.includes(path) ? '100644' : '000000'));
  const taken = { refused: [], errors: '', differences, diff: diffOf(sizes) };
  return (await withoutRoom(noIndex, taken, new Set(added))).map(({ path }) => path);
}

describe('a patch that is too large', () => {
  it('keeps all that has room', async () => {
    expect(await dropped({ a: 5, b: 5, c: 5 })).toEqual([]);
  });

  it('loses its largest new files first, then those that the agent added, then changed ones', async () => {
    expect(await dropped({ changed: 7, added: 6, small: 1, large: 5 }, ['changed'], ['added'])).toEqual(['large']);
    expect(await dropped({ changed: 15, added: 6, large: 3, small: 0 }, ['changed'], ['added'])).toEqual(['large', 'added']);
  });

  it('loses what alone is too large before anything else', async () => {
    expect(await dropped({ changed: 17, small: 1, other: 2 }, ['changed'])).toEqual(['changed']);
  });

  it('is judged by its objects where it is too large to be read', async () => {
    const index: Pick<PatchIndex, 'sizes'> = { sizes: async (objects) => objects.map((_, at) => (at === 0 ? 90 : 1) * MiB) };
    const taken = { refused: [], errors: '', differences: [difference('a'), difference('b', '100644')], diff: undefined };
    expect((await withoutRoom(index, taken, new Set())).map(({ path }) => path)).toEqual(['a']);
  });

  it('goes back to the commit in what it loses', () => {
    expect(undoing([difference('new'), difference('old', '100755')])).toEqual({
      gone: ['new'],
      stored: [{ path: 'old', mode: '100755', object }],
    });
  });
});
