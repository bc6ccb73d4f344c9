import { existsSync } from 'node:fs';
import { statfs } from 'node:fs/promises';
import { hostname } from 'node:os';
import Docker from 'dockerode';
import { z } from 'zod';
import { creationOf, dockerContainer, repositoryAndTag } from './docker-container.ts';
import { asked } from './docker-error.ts';
import { followProgress } from './docker-progress.ts';
import { isMissing, isUnreachable } from './engine-error.ts';
import { type DiskSpace, type Engine, EngineError, type Image } from './engine.ts';
import { registryCredentials, registryOf } from './registry-credentials.ts';
import { messageOf } from '../../schemas/problem.ts';
import { Slots } from '../../platform/slots.ts';

/** A campaign that is aborted removes hundreds of containers; Docker 20.10 was seen to hang when asked for all at once. */
const removalsAtOnce = 8;

/** Of a build that failed. */
const buildLinesShown = 15;

/**
 * The container engine at this socket, else the one that `DOCKER_HOST` names, else the one on the default socket.
 * Opens no connection by itself. Pulls present what the Docker client's configuration holds for a registry; mirrors
 * are the engine's own.
 */
export function dockerEngine(options: { socketPath?: string } = {}): Engine {
  const docker = new Docker(options);
  const removals = new Slots(removalsAtOnce);
  return {
    async version() {
      const { Version } = await asked(docker.version());
      return Version;
    },
    disk: () => diskOf(docker),

    async createContainer(spec) {
      const kernelHasIpv6 = spec.network === 'none' && (await hasIpv6(docker));
      return dockerContainer(await asked(docker.createContainer(creationOf(spec, { kernelHasIpv6 }))), removals);
    },
    container: (id) => dockerContainer(docker.getContainer(id), removals),
    listContainers: (labels = []) => listContainers(docker, labels),

    findImage: (name) => findImage(docker, name),
    async listImages(labels = []) {
      const images = await asked(docker.listImages({ filters: { label: [...labels] } }));
      return images.map(({ Id, RepoTags, Labels }) => ({ id: Id, names: RepoTags ?? [], labels: Labels ?? {} }));
    },
    async tagImage(id, name) {
      await asked(docker.getImage(id).tag(repositoryAndTag(name)));
    },
    async removeImage(name, { force = false } = {}) {
      await asked(docker.getImage(name).remove({ force }));
    },
    async pullImage(name, { platform, onProgress, signal }) {
      const credentials = await registryCredentials(registryOf(name));
      const settings = { ...referenceOf(name), ...(platform && { platform }), ...(signal && { abortSignal: signal }) };
      const stream = await asked(docker.createImage(credentials ?? {}, settings));
      await asked(followProgress(stream, onProgress));
      // A pull that the engine broke off ends like a complete one.
      if ((await findImage(docker, name)) === undefined) throw new EngineError('refused', 'the engine broke off the pull');
    },
    async importImage(archive, { name, changes }) {
      const stream = await asked(docker.importImage(archive, { ...repositoryAndTag(name), changes: [...changes] }));
      await asked(followProgress(stream));
    },
    async buildImage(context, { name, dockerfile, labels, buildArgs = {}, onLine = () => undefined, signal }) {
      const settings = {
        t: name,
        dockerfile,
        labels,
        buildargs: buildArgs,
        networkmode: 'host',
        forcerm: true,
        ...(signal && { abortSignal: signal }),
      };
      const lines: string[] = [];
      const stream = await asked(docker.buildImage(context, settings));
      try {
        await asked(
          followProgress(stream, (text) => {
            for (const line of text.split('\n').filter((part) => part.trim() !== '')) {
              lines.push(line);
              onLine(line);
            }
          }),
        );
      } catch (error) {
        if (isUnreachable(error)) throw error;
        signal?.throwIfAborted();
        throw new EngineError('refused', [messageOf(error), ...lines.slice(-buildLinesShown)].join('\n'), error);
      }
      if ((await findImage(docker, name)) === undefined) throw new EngineError('refused', 'the engine broke off the build');
    },
  };
}

async function findImage(docker: Docker, name: string): Promise<Image | undefined> {
  try {
    const { Id, Config, RepoDigests, RootFS } = await asked(docker.getImage(name).inspect());
    const { Labels, User, Env, Volumes } = Config;
    return {
      id: Id,
      labels: Labels ?? {},
      digests: RepoDigests ?? [],
      user: User,
      env: Env ?? [],
      volumes: Object.keys(Volumes ?? {}),
      layers: RootFS.Layers?.length ?? 1,
    };
  } catch (error) {
    if (isMissing(error)) return undefined;
    throw error;
  }
}

async function listContainers(docker: Docker, labels: readonly string[]): ReturnType<Engine['listContainers']> {
  for (let look = 0; ; look++) {
    try {
      const containers = await asked(docker.listContainers({ all: true, filters: { label: [...labels] } }));
      return containers.map(({ Id, Names, ImageID, Labels, Created }) => ({
        id: Id,
        name: Names[0]?.replace(/^\//, '') ?? Id.slice(0, 12),
        imageId: ImageID,
        labels: Labels,
        createdAt: Created * 1000,
      }));
    } catch (error) {
      // A container that vanishes while it is listed makes some engines refuse the whole list.
      if (!isMissing(error) || look === 4) throw error;
    }
  }
}

const EngineInfo = z.object({ Name: z.string(), DockerRootDir: z.string().min(1) });

/** Undefined for an engine of another machine. One in a virtual machine is reached by a local socket too, but names itself otherwise. */
async function localInfo(docker: Docker): Promise<z.infer<typeof EngineInfo> | undefined> {
  const info = EngineInfo.parse(await asked(docker.info()));
  return info.Name === hostname() ? info : undefined;
}

const kernels = new WeakMap<Docker, boolean>();

/** Whether the engine's kernel surely has IPv6: where it has not, no container that asks for it starts. */
async function hasIpv6(docker: Docker): Promise<boolean> {
  const known = kernels.get(docker) ?? ((await localInfo(docker)) !== undefined && existsSync('/proc/sys/net/ipv6/conf/lo'));
  kernels.set(docker, known);
  return known;
}

async function diskOf(docker: Docker): Promise<DiskSpace | undefined> {
  const info = await localInfo(docker);
  if (info === undefined) return undefined;
  try {
    const { bavail, blocks, bsize } = await statfs(info.DockerRootDir);
    return { free: bavail * bsize, size: blocks * bsize };
  } catch {
    return undefined;
  }
}

/** The engine pulls every tag of a name that has none. */
function referenceOf(name: string): { fromImage: string; tag?: string } {
  const last = name.slice(name.lastIndexOf('/') + 1);
  return /[:@]/.test(last) ? { fromImage: name } : { fromImage: name, tag: 'latest' };
}
