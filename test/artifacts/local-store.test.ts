import { createHash } from 'node:crypto';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, symlinkSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { localStore } from '../../activities/artifacts/local-store.ts';
import { getJson, putJson } from '../../activities/artifacts/store.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'tracemill-store-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const files = () => readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
const log = Buffer.from('collected 3 items\n'.repeat(1000));

describe('a store in a folder', () => {
  it('gives bytes back under their sha256, compressed on disk', async () => {
    const store = localStore(folder);
    const ref = await store.put(log, 'text/plain');
    expect(ref).toEqual({ sha256: createHash('sha256').update(log).digest('hex'), size_bytes: log.length, content_type: 'text/plain' });
    expect(await store.get(ref)).toEqual(log);
    expect(readFileSync(store.location(ref)).length).toBeLessThan(log.length / 10);
  });

  it.each([Buffer.alloc(0), Buffer.from([0]), Buffer.from('\ud83d\ude00')])('keeps %o whole', async (bytes) => {
    const store = localStore(folder);
    expect(await store.get(await store.put(bytes, 'application/octet-stream'))).toEqual(bytes);
  });

  it('takes the same bytes many times at once and leaves one file', async () => {
    const refs = await Promise.all(Array.from({ length: 20 }, () => localStore(folder).put(log, 'text/plain')));
    expect(new Set(refs.map(({ sha256 }) => sha256)).size).toBe(1);
    expect(files()).toHaveLength(1);
  });

  it('says that an artifact is missing, and where it was looked for', async () => {
    const store = localStore(folder);
    const ref = { sha256: 'f'.repeat(64), size_bytes: 3, content_type: 'text/plain' };
    expect(await store.has(ref)).toBe(false);
    expect(await store.verify(ref)).toBe('missing');
    await expect(store.get(ref)).rejects.toMatchObject({ code: 'artifact_missing', hint: expect.stringContaining(store.location(ref)) });
  });

  it('refuses damaged bytes: cut, flipped, or another artifact under this name', async () => {
    const store = localStore(folder);
    const ref = await store.put(log, 'text/plain');
    const path = store.location(ref);
    const packed = readFileSync(path);
    const other = readFileSync(store.location(await store.put(Buffer.from(log).fill(65), 'text/plain')));
    for (const damage of [
      () => truncateSync(path, packed.length - 5),
      () => writeFileSync(path, packed.fill(1, 20, 24)),
      () => writeFileSync(path, other),
    ]) {
      damage();
      await expect(store.get(ref)).rejects.toMatchObject({ code: 'artifact_damaged', hint: expect.any(String) });
      expect(await store.verify(ref)).toBe('damaged');
    }
  });

  it('replaces a torn or foreign file when the same bytes are put again', async () => {
    const store = localStore(folder);
    const ref = await store.put(log, 'text/plain');
    const path = store.location(ref);
    for (const damage of [() => writeFileSync(path, 'nonsense'), () => truncateSync(path, 5), () => truncateSync(path, 0)]) {
      damage();
      await store.put(log, 'text/plain');
      expect(await store.get(ref)).toEqual(log);
    }
  });

  it('does not read what is there already when it is put again', async () => {
    const store = localStore(folder);
    const path = store.location(await store.put(log, 'text/plain'));
    const before = statSync(path, { bigint: true });
    // Bytes that changed in place: a store that read them would write the file again.
    writeFileSync(path, readFileSync(path).fill(1, 20, 24));
    await store.put(log, 'text/plain');
    expect(statSync(path, { bigint: true }).ino).toBe(before.ino);
  });

  it('takes an artifact for absent only when no file is there', async () => {
    const store = localStore(folder);
    const ref = { sha256: 'f'.repeat(64), size_bytes: 3, content_type: 'text/plain' };
    const path = store.location(ref);
    mkdirSync(dirname(path), { recursive: true });
    symlinkSync(path, path);
    const inaccessible = { code: 'artifact_inaccessible', hint: expect.stringContaining(path) };
    await expect(store.has(ref)).rejects.toMatchObject(inaccessible);
    await expect(store.get(ref)).rejects.toMatchObject(inaccessible);
    await expect(store.verify(ref)).rejects.toMatchObject(inaccessible);
  });
});

describe('JSON in the store', () => {
  it('comes back through its schema', async () => {
    const store = localStore(folder);
    const Point = z.object({ x: z.number() });
    expect(await getJson(store, await putJson(store, { x: 1 }), Point)).toEqual({ x: 1 });
    await expect(getJson(store, await putJson(store, { x: 'one' }), Point)).rejects.toMatchObject({ code: 'artifact_unreadable' });
  });
});
