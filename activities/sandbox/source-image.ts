import type Docker from 'dockerode';
import type { PreparedImage } from '../../schemas/prepared-image.ts';
import { engineProblem, isNotFound } from './engine-error.ts';
import type { ImageClaims } from './image-cache.ts';
import { type PullImage, pullImage } from './pull-image.ts';

export type SourceImage = PreparedImage['source'];

export interface FindOrPull extends Omit<PullImage, 'makeRoom'> {
  claims: ImageClaims | undefined;
}

/**
 * A task's own image: the engine's where it has one under that name, else pulled. Throws `Problem`
 * container_failed, and those of {@link pullImage}.
 */
export async function findOrPull({ claims, ...pull }: FindOrPull): Promise<SourceImage> {
  const { docker, name, what } = pull;
  const familiar = familiarName(name);
  await claims?.claim(familiar);
  const found = await inspect(docker, name, what);
  if (found !== undefined) return found;
  await pullImage({ ...pull, makeRoom: async () => claims?.makeRoom() });
  const pulled = await inspect(docker, name, what);
  if (pulled === undefined) throw engineProblem(new Error(`image ${name} was pulled and is gone again`), what);
  claims?.add({ name: familiar, id: pulled.id, kind: 'pulled' });
  return pulled;
}

async function inspect(docker: Docker, name: string, what: string): Promise<SourceImage | undefined> {
  try {
    const { Id, RepoDigests } = await docker.getImage(name).inspect();
    return { name, id: Id, digest: digestOf(name, RepoDigests ?? []) };
  } catch (error) {
    if (isNotFound(error)) return undefined;
    throw engineProblem(error, what);
  }
}

/** The digest under which the name's own repository holds the image. */
function digestOf(name: string, digests: readonly string[]): string | null {
  const repository = familiarName(name)
    .replace(/@.*$/, '')
    .replace(/:[^/:]*$/, '');
  return digests.find((digest) => digest.startsWith(`${repository}@`)) ?? digests[0] ?? null;
}

/** As engines list an image: with its tag, and without the host when that is Docker Hub. */
function familiarName(name: string): string {
  const short = name.replace(/^(?:index\.)?docker\.io\/(?:library\/)?/, '');
  return /[:@]/.test(short.slice(short.lastIndexOf('/') + 1)) ? short : `${short}:latest`;
}
