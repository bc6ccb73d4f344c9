import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buffer } from 'node:stream/consumers';
import { setTimeout as wait } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { withFolderArchive } from '../../platform/folder-archive.ts';

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'tracemill-archive-'));
  writeFileSync(join(folder, 'kept.txt'), 'content');
  writeFileSync(join(folder, 'left.txt'), 'other');
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe('withFolderArchive', () => {
  it('loses nothing where reading begins after tar has ended', async () => {
    const archive = await withFolderArchive(folder, async (tar) => {
      await wait(300);
      return await buffer(tar);
    });
    expect(archive.toString('latin1')).toContain('content');
  });

  it('packs one member alone', async () => {
    const archive = await withFolderArchive(folder, async (tar) => await buffer(tar), { member: 'kept.txt' });
    expect(archive.toString('latin1')).not.toContain('left.txt');
  });

  it('says what tar said where it fails', async () => {
    await expect(withFolderArchive(folder, async (tar) => await buffer(tar), { member: 'no-such' })).rejects.toMatchObject({
      code: 'image_build_failed',
      message: expect.stringContaining('no-such'),
    });
  });
});
