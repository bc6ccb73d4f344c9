import { createHash } from 'node:crypto';
import { chmodSync, lstatSync, mkdirSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { Problem } from '../../../schemas/problem.ts';

/** Linux keeps socket paths in 108 bytes with a final zero. */
const longestSocketPath = 107;

/**
 * Path of the gateway's socket, in a folder below the home that its owner alone can enter. A home too deep for a
 * socket gets it in a folder of /tmp whose name both sides derive from the path.
 */
export function gatewaySocket(home: string): string {
  const folder = privateFolder(join(home, 'run', 'gateway'));
  const socket = join(folder, 'gateway.sock');
  if (Buffer.byteLength(socket) <= longestSocketPath) return socket;
  const name = createHash('sha256').update(folder).digest('hex').slice(0, 16);
  return join(privateFolder(`/tmp/tracemill-${process.getuid?.() ?? 0}-${name}`), 'gateway.sock');
}

/** Removes the socket's folder from /tmp when the gateway ends; one below the home stays. */
export function leaveSocketFolder(socket: string): void {
  const folder = dirname(socket);
  if (dirname(folder) === '/tmp') rmSync(folder, { recursive: true, force: true });
}

function privateFolder(path: string): string {
  mkdirSync(path, { recursive: true, mode: 0o700 });
  const found = lstatSync(path);
  // In /tmp anybody could have made the folder first.
  if (!found.isDirectory() || (process.getuid !== undefined && found.uid !== process.getuid())) {
    throw new Problem('gateway_folder_foreign', `${path} is not a folder of this user`, {
      hint: 'remove it, or set TRACEMILL_HOME to a shorter path',
    });
  }
  chmodSync(path, 0o700);
  return path;
}
