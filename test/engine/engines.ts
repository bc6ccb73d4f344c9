import Docker from 'dockerode';
import { dockerEngine } from '../../activities/engine/docker-engine.ts';
import { engineOfHome, type HomeEngine } from '../../activities/sandbox/home-engine.ts';
import { home } from '../../platform/home.ts';

/** The engine of this machine, for the current home of this process. */
export function testEngine(options: Parameters<typeof dockerEngine>[0] = {}): HomeEngine {
  return engineOfHome(dockerEngine(options), home());
}

/** Everything that Docker itself says of a container: more than the port does, for tests of what a container is given. */
export async function dockerInspection(id: string): Promise<Docker.ContainerInspectInfo> {
  return await new Docker().getContainer(id).inspect();
}

/** Memory of a container in bytes, as Docker counts it. */
export async function dockerMemory(id: string): Promise<number> {
  return (await new Docker().getContainer(id).stats({ stream: false })).memory_stats.usage;
}

/** Sends an image to the registry in its name. */
export async function dockerPush(name: string, login: { username: string; password: string; serveraddress: string }): Promise<void> {
  const stream = await new Docker().getImage(name).push({ authconfig: login });
  let output = '';
  for await (const chunk of stream) output += String(chunk);
  if (output.includes('errorDetail')) throw new Error(output);
}
