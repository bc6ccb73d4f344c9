import { buffer } from 'node:stream/consumers';
import { extract } from 'tar-stream';
import { engineProblem, isMissing } from '../engine/engine-error.ts';
import type { HomeEngine } from './home-engine.ts';
import { label, thisOwner } from './labels.ts';

/** Where a clean image keeps what taking a patch has to know of its repository. */
export const keptFolder = '/etc/tracemill-repository';

/**
 * What taking a patch has to know of a clean image's repository, each in the form of a file that git reads. All of it was
 * found out before any agent was there.
 */
export interface KeptRepository {
  /** Patterns for `info/exclude`: what installation left untracked, by name. */
  exclude: Buffer;
  /** Configuration that converts contents: line ends, and filters but for Git LFS, whose files are compared as they are. */
  config: Buffer;
  /** For `core.attributesFile`: attributes that the image's system and user give to files. */
  attributes: Buffer;
  /** For `info/attributes`. */
  infoAttributes: Buffer;
  /**
   * Lines of `git diff --cached --raw --no-abbrev --no-renames` against the base commit, as this configuration shows the
   * untouched work tree. A file whose line is still the same was not changed by the agent.
   */
  baseline: Buffer;
}

const names = ['exclude', 'config', 'attributes', 'infoAttributes', 'baseline'] as const;

/** `infoAttributes` → `…/info-attributes`. */
export function keptPath(name: (typeof names)[number]): string {
  return `${keptFolder}/${name.replace('A', '-a')}`;
}

/**
 * Read from the image itself, by a container that never runs: an agent may change the files of its own container. All is
 * empty in an image that Tracemill did not derive. Throws `Problem` image_missing, engine_unreachable or container_failed.
 */
export async function readKept(engine: HomeEngine, image: string, what: string): Promise<KeptRepository> {
  const files = new Map<string, Buffer>();
  try {
    const container = await engine.createContainer({
      image,
      entrypoint: [],
      command: ['true'],
      labels: { [label.kind]: 'job', [label.home]: engine.home, [label.owner]: thisOwner() },
      network: 'none',
    });
    try {
      const archive = (await container.readArchive(keptFolder)).pipe(extract());
      for await (const entry of archive) files.set(`${keptFolder}/${entry.header.name.replace(/^.*\//, '')}`, await buffer(entry));
    } catch (error) {
      if (!isMissing(error)) throw error;
    } finally {
      await container.remove();
    }
  } catch (error) {
    throw engineProblem(error, what, image);
  }
  const file = (name: (typeof names)[number]) => files.get(keptPath(name)) ?? Buffer.alloc(0);
  return {
    exclude: file('exclude'),
    config: file('config'),
    attributes: file('attributes'),
    infoAttributes: file('infoAttributes'),
    baseline: file('baseline'),
  };
}
