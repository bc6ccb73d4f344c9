import { mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { localStore } from '../../activities/artifacts/local-store.ts';
import { scratchFolder } from '../scratch-folder.ts';

describe('the id of a store', () => {
  it('is made once, for all that ask at the same time, and stays', async () => {
    const folder = join(scratchFolder('store-id'), 'store');
    const ids = await Promise.all(Array.from({ length: 20 }, () => localStore(folder).id()));
    expect(new Set(ids).size).toBe(1);
    expect(ids[0]).toMatch(/^[0-9a-f]{12}$/);
    expect(readdirSync(folder)).toEqual(['id']);
  });

  it('differs between stores', async () => {
    const folder = scratchFolder('store-ids');
    const ids = await Promise.all(['a', 'b', 'c'].map((name) => localStore(join(folder, name)).id()));
    expect(new Set(ids).size).toBe(3);
  });

  it('is not made again where the file is damaged, since campaigns under way belong to the old one', async () => {
    const folder = join(scratchFolder('store-damaged'), 'store');
    mkdirSync(folder);
    writeFileSync(join(folder, 'id'), 'abc');
    await expect(localStore(folder).id()).rejects.toMatchObject({ code: 'store_id_unreadable' });
  });
});
