import { statfs } from 'node:fs/promises';
import { hostname } from 'node:os';
import type Docker from 'dockerode';
import { z } from 'zod';

/** In bytes. */
export interface DiskSpace {
  free: number;
  size: number;
}

/** How long a pull or derivation that found no room waits before the next look, in milliseconds. */
export const diskFullRetryMs = 5 * 60_000;

const EngineInfo = z.object({ Name: z.string(), DockerRootDir: z.string().min(1) });

/** Space on the disk that holds the engine's images; undefined when the engine runs on another machine. */
export async function engineDisk(docker: Docker): Promise<DiskSpace | undefined> {
  const { Name, DockerRootDir } = EngineInfo.parse(await docker.info());
  // An engine in a virtual machine is reached by a local socket too, but names itself otherwise.
  if (Name !== hostname()) return undefined;
  try {
    const { bavail, blocks, bsize } = await statfs(DockerRootDir);
    return { free: bavail * bsize, size: blocks * bsize };
  } catch {
    return undefined;
  }
}
