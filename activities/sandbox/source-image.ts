import type { PreparedImage } from '../../schemas/prepared-image.ts';
import { engineProblem } from '../engine/engine-error.ts';
import type { Engine } from '../engine/engine.ts';
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
  const { engine, name, what } = pull;
  const familiar = familiarName(name);
  await claims?.claim(familiar);
  const found = await inspect(engine, name, what);
  if (found !== undefined) return found;
  await pullImage({ ...pull, makeRoom: async () => claims?.makeRoom() });
  const pulled = await inspect(engine, name, what);
  if (pulled === undefined) throw engineProblem(new Error(`image ${name} was pulled and is gone again`), what);
  claims?.add({ name: familiar, id: pulled.id, kind: 'pulled' });
  return pulled;
}

async function inspect(engine: Engine, name: string, what: string): Promise<SourceImage | undefined> {
  try {
    const image = await engine.findImage(name);
    return image && { name, id: image.id, digest: digestOf(name, image.digests) };
  } catch (error) {
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
