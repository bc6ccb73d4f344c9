import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { PassThrough } from 'node:stream';
import { Problem } from '../schemas/problem.ts';

interface ArchiveOptions {
  /** Path of what is packed, within the folder; by default all of it. */
  member?: string;
  /** Keeps the owners that the files have here; by default all are root's. */
  keepOwners?: boolean;
}

/** Gives a folder's files to `use` as a tar. Throws what `use` throws, else `Problem` image_build_failed with what tar said. */
export async function withFolderArchive<T>(
  folder: string,
  use: (tar: PassThrough) => Promise<T>,
  { member = '.', keepOwners = false }: ArchiveOptions = {},
): Promise<T> {
  const owners = keepOwners ? [] : ['--owner=0', '--group=0'];
  const child = spawn('tar', ['-C', folder, '--numeric-owner', ...owners, '-c', member], { stdio: ['ignore', 'pipe', 'pipe'] });
  let said = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => (said = (said + text).slice(-1000)));
  const closed = once(child, 'close');
  // What a program wrote before its end is thrown away by Node where nobody reads it yet, and a request begins a moment later.
  const tar = child.stdout.pipe(new PassThrough());
  try {
    const result = await use(tar);
    const [code] = await closed;
    if (code !== 0) throw new Problem('image_build_failed', `tar of ${folder} ended with ${code}: ${said.trim()}`);
    return result;
  } finally {
    tar.destroy();
    child.kill();
    await closed;
  }
}
