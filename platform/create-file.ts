import { randomUUID } from 'node:crypto';
import { linkSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { syncFolderNow } from './sync-folder.ts';

/**
 * Creates a file with its whole text, durably, unless there is one already; says whether it did. Of several processes
 * that try, on whatever hosts, exactly one does.
 */
export function createFile(path: string, text: string, mode = 0o644): boolean {
  mkdirSync(dirname(path), { recursive: true });
  const partial = `${path}.${randomUUID()}.partial`;
  try {
    writeFileSync(partial, text, { flush: true, mode });
    linkSync(partial, path);
  } catch (error) {
    if (isCode(error, 'EEXIST')) return false;
    if (!isCode(error, 'EPERM', 'ENOTSUP', 'ENOSYS')) throw error;
    return createWithoutLink(path, text, mode);
  } finally {
    rmSync(partial, { force: true });
  }
  syncFolderNow(dirname(path));
  return true;
}

/** For file systems without links: a reader may see a part of the text for a moment. */
function createWithoutLink(path: string, text: string, mode: number): boolean {
  try {
    writeFileSync(path, text, { flag: 'wx', flush: true, mode });
    return true;
  } catch (error) {
    if (isCode(error, 'EEXIST')) return false;
    throw error;
  }
}

function isCode(error: unknown, ...codes: string[]): boolean {
  return error instanceof Error && 'code' in error && codes.includes(String(error.code));
}
