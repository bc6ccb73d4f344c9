import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { PassThrough } from 'node:stream';
import { Problem } from '../../../schemas/problem.ts';

/** Gives a folder's files, root's, to `use` as a tar. Throws what `use` throws, else `Problem` image_build_failed when tar fails. */
export async function withFolderArchive<T>(folder: string, use: (tar: PassThrough) => Promise<T>): Promise<T> {
  const child = spawn('tar', ['-C', folder, '--numeric-owner', '--owner=0', '--group=0', '-c', '.'], {
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  const closed = once(child, 'close');
  // What a program wrote before its end is thrown away by Node where nobody reads it yet, and a request begins a moment later.
  const tar = child.stdout.pipe(new PassThrough());
  try {
    const result = await use(tar);
    const [code] = await closed;
    if (code !== 0) throw new Problem('image_build_failed', `tar of ${folder} ended with ${code}`);
    return result;
  } finally {
    tar.destroy();
    child.kill();
    await closed;
  }
}
