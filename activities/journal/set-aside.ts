import { link, unlink } from 'node:fs/promises';

/**
 * Moves a journal away, so that its rollout starts again. It stays beside the new one, since what it paid for
 * counts towards the campaign's budget. Returns its new path: `<name>.before-1.jsonl`, or the next number that is free.
 */
export async function setAside(path: string): Promise<string> {
  for (let number = 1; ; number++) {
    const aside = path.replace(/\.jsonl$/, `.before-${number}.jsonl`);
    try {
      // Unlike a rename, a link never takes another file's place.
      await link(path, aside);
    } catch (error) {
      if (error instanceof Error && 'code' in error && error.code === 'EEXIST') continue;
      throw error;
    }
    await unlink(path);
    return aside;
  }
}
