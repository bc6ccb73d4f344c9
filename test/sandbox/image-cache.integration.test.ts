import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ImageCache, type ImageCacheOptions } from '../../activities/sandbox/image-cache.ts';
import { engine, minimal } from './containers.ts';

const gigabyte = 1e9;
const owner = (instance_id: string) => ({ campaign: 'spring', instance_id });

let folder: string;
let made: string[];
let live: Set<string>;
let removed: string[];

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'tracemill-images-'));
  made = [];
  live = new Set();
  removed = [];
});
afterEach(async () => {
  for (const name of made) if (await isThere(name)) await engine.removeImage(name, { force: true });
  rmSync(folder, { recursive: true, force: true });
});

/** A disk of 100 GB of which 4 are free, and 4 more with each image that goes. */
const fullDisk = async () => ({ free: (4 + 4 * removed.length) * gigabyte, size: 100 * gigabyte });

function openCache(options: Partial<ImageCacheOptions> = {}): ImageCache {
  return ImageCache.open({
    engine,
    path: join(folder, 'state', 'images.json'),
    isLive: async ({ instance_id }) => live.has(instance_id),
    space: fullDisk,
    onRemoved: (name) => removed.push(name),
    ...options,
  });
}

const makeContainer = (image: string) =>
  engine.createContainer({ image, command: ['true'], network: 'none', labels: { 'tracemill.test': 'images' } });

/** An image of its own, by the name of what it stands for. */
async function makeImage(what: string, tag = `${what}-${process.pid}`): Promise<{ name: string; id: string }> {
  const container = await makeContainer(minimal);
  try {
    const name = `tracemill-test/cache:${tag}`;
    const id = await container.commit({ name, changes: [`LABEL tracemill.test.image=${what}`] });
    made.push(name);
    return { name, id };
  } finally {
    await container.remove();
  }
}

async function isThere(name: string): Promise<boolean> {
  return (await engine.findImage(name)) !== undefined;
}

describe('ImageCache', () => {
  it('removes derived images first, then the one unused for longest, up to the high mark', async () => {
    const cache = openCache();
    const [source, early, late] = [await makeImage('source'), await makeImage('early'), await makeImage('late')];
    const claims = cache.claimsOf(owner('ended'));
    claims.add({ ...source, kind: 'pulled' });
    claims.add({ ...late, kind: 'derived' });
    claims.add({ ...early, kind: 'derived' });
    await new Promise((resolve) => setTimeout(resolve, 5));
    await claims.claim(late.name);
    // 15 GB are wanted: three images of 4 more.
    await openCache().claimsOf(owner('new')).makeRoom();
    expect(removed).toEqual([early.name, late.name, source.name]);
    expect(await Promise.all([early, late, source].map(({ name }) => isThere(name)))).toEqual([false, false, false]);
  });

  it('does nothing above the low mark, and stops at the high one', async () => {
    const [one, two] = [await makeImage('one'), await makeImage('two')];
    const cache = openCache({ lowBytes: 4 * gigabyte });
    for (const image of [one, two]) cache.claimsOf(owner('ended')).add({ ...image, kind: 'pulled' });
    await cache.claimsOf(owner('new')).makeRoom();
    expect(removed).toEqual([]);
    await openCache({ lowBytes: 5 * gigabyte })
      .claimsOf(owner('new'))
      .makeRoom();
    expect(removed).toEqual([one.name]);
    expect(await isThere(two.name)).toBe(true);
  });

  it('leaves images of running pull requests, of containers, those it did not bring, and names that mean another image by now', async () => {
    const [ours, used, foreign, renamed] = [
      await makeImage('ours'),
      await makeImage('used'),
      await makeImage('foreign'),
      await makeImage('renamed'),
    ];
    const cache = openCache({ space: async () => ({ free: 1.5 * gigabyte, size: 100 * gigabyte }) });
    cache.claimsOf(owner('running')).add({ ...ours, kind: 'derived' });
    for (const image of [used, renamed]) cache.claimsOf(owner('ended')).add({ ...image, kind: 'derived' });
    await cache.claimsOf(owner('ended')).claim(foreign.name);
    live.add('running');
    await makeImage('other', renamed.name.split(':')[1]);
    const container = await makeContainer(used.name);
    try {
      await expect(cache.claimsOf(owner('new')).makeRoom()).rejects.toMatchObject({
        code: 'disk_full',
        message: expect.stringMatching(/^new: 1\.5 GB .* 2\.0 GB/),
        retryAfterMs: expect.any(Number),
      });
    } finally {
      await container.remove();
    }
    expect(removed).toEqual([]);
    expect(await Promise.all([ours, used, foreign, renamed].map(({ name }) => isThere(name)))).toEqual([true, true, true, true]);
    await engine.removeImage(renamed.id, { force: true });
  });

  it('forgets owners that ended, and images that somebody else removed', async () => {
    const [kept, gone] = [await makeImage('kept'), await makeImage('gone')];
    const cache = openCache();
    for (const name of ['first', 'second', 'running']) cache.claimsOf(owner(name)).add({ ...kept, kind: 'derived' });
    cache.claimsOf(owner('first')).add({ ...gone, kind: 'derived' });
    live.add('running');
    await engine.removeImage(gone.name);
    await cache
      .claimsOf(owner('new'))
      .makeRoom()
      .catch(() => undefined);
    const noted: unknown = JSON.parse(readFileSync(join(folder, 'state', 'images.json'), 'utf8'));
    expect(noted).toMatchObject([{ name: kept.name, owners: [owner('running')] }]);
  });

  it('keeps an image that is claimed while it cleans up, and lets those wait that come too late', async () => {
    const [late, early] = [await makeImage('late'), await makeImage('early')];
    const cache = openCache({
      lowBytes: 5 * gigabyte,
      isLive: async ({ instance_id }) => {
        // Comes in the middle of the clean-up.
        if (instance_id === 'ended' && !live.has('new')) {
          live.add('new');
          void cache.claimsOf(owner('new')).claim(early.name);
        }
        return live.has(instance_id);
      },
    });
    cache.claimsOf(owner('ended')).add({ ...early, kind: 'derived' });
    cache.claimsOf(owner('ended')).add({ ...late, kind: 'derived' });
    const cleanUp = cache.claimsOf(owner('other')).makeRoom();
    await cache.claimsOf(owner('later')).claim('an image not noted');
    expect(removed).toEqual([late.name]);
    await cleanUp;
    expect(await isThere(early.name)).toBe(true);
  });

  it('never removes anything when that is switched off, or where it cannot see the disk', async () => {
    const image = await makeImage('image');
    for (const options of [{ lowBytes: 0 }, { space: async () => undefined }]) {
      const cache = openCache(options);
      cache.claimsOf(owner('ended')).add({ ...image, kind: 'derived' });
      await cache.claimsOf(owner('new')).makeRoom();
    }
    expect(await isThere(image.name)).toBe(true);
  });

  it('names the file when its notes are damaged', () => {
    const path = join(folder, 'images.json');
    writeFileSync(path, '[{"name":');
    expect(() => openCache({ path })).toThrow(
      expect.objectContaining({ code: 'image_cache_damaged', message: expect.stringContaining(path) }),
    );
  });
});
