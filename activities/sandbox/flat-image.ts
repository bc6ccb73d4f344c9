import { randomBytes } from 'node:crypto';
import { Problem } from '../../schemas/problem.ts';
import { engineProblem } from '../engine/engine-error.ts';
import type { Image } from '../engine/engine.ts';
import type { HomeEngine } from './home-engine.ts';
import { environmentLine } from './image-environment.ts';
import { label, thisOwner } from './labels.ts';

/** Docker refuses an image of more layers; a clean image has one more than the task's own. */
const mostLayers = 125;

/**
 * Whether no clean image can be made on top of this one: what a commit would have to include lies on a volume, or there is no
 * room for one more layer.
 */
export function needsFlattening({ volumes, layers }: Pick<Image, 'volumes' | 'layers'>, workdir: string): boolean {
  const within = (one: string, other: string) => `${one}/`.startsWith(other === '/' ? '/' : `${other}/`);
  const paths = volumes.map((path) => path.replace(/(?<=.)\/+$/, ''));
  return layers >= mostLayers || paths.some((path) => within(workdir, path) || within(path, workdir));
}

export interface FlatImage {
  id: string;
  /** Takes its name away again: it then lives as long as what was derived from it. */
  release(): Promise<void>;
}

/**
 * The files and the environment of an image as an image of one layer, without volumes. Takes as long as copying all of them.
 * `what` names the task. Throws `Problem` image_not_clean, engine_unreachable or container_failed.
 */
export async function flatten(engine: HomeEngine, image: Image, what: string): Promise<FlatImage> {
  const lines = image.env.map((entry) => lineOf(entry, what));
  const name = `tracemill/flat:${randomBytes(12).toString('hex')}`;
  try {
    const container = await engine.createContainer({
      image: image.id,
      entrypoint: [],
      command: ['true'],
      labels: { [label.kind]: 'prepare', [label.home]: engine.home, [label.owner]: thisOwner() },
      network: 'none',
    });
    try {
      await engine.importImage(await container.readArchive('/.'), { name, changes: lines });
    } finally {
      await container.remove();
    }
    const flat = await engine.findImage(name);
    if (flat === undefined) throw new Error(`image ${name} was made and is gone again`);
    return { id: flat.id, release: () => engine.removeImage(name).catch(() => undefined) };
  } catch (error) {
    throw engineProblem(error, what);
  }
}

function lineOf(entry: string, what: string): string {
  const at = entry.indexOf('=');
  const name = entry.slice(0, at);
  const line = environmentLine([name, entry.slice(at + 1)]);
  if (line !== undefined) return line;
  throw new Problem(
    'image_not_clean',
    `${what}: the image has to be flattened, and its variable ${name} has several lines or is too large for that`,
    {
      hint: 'build the image without that variable, or without VOLUME over its work tree and with fewer layers',
    },
  );
}
