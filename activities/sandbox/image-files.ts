import type { HomeEngine } from './home-engine.ts';
import { type JobContainer, openJobContainer } from './job-container.ts';
import { PatchIndex, type PatchPlace } from './patch-index.ts';
import type { BytePath } from './patch-lists.ts';
import { Problem } from '../../schemas/problem.ts';

/**
 * What the image itself has in the work tree, beside the commit: installed, not written by the agent. Looked up in a
 * container of the image that nobody worked in, started at the first question.
 */
export class ImageFiles {
  readonly #engine: HomeEngine;
  readonly #image: string;
  readonly #place: Omit<PatchPlace, 'container'>;
  #opened: Promise<{ job: JobContainer; index: PatchIndex }> | undefined;

  constructor(engine: HomeEngine, image: string, place: Omit<PatchPlace, 'container'>) {
    this.#engine = engine;
    this.#image = image;
    this.#place = {
      ...place,
      repository: `${place.workdir}/.git`,
      agent: `${place.workdir}/.git`,
      kept: { ...place.kept, exclude: Buffer.alloc(0) },
    };
  }

  /** Tells which of some paths the image has although its commit does not. */
  async among(paths: Iterable<BytePath>): Promise<Set<BytePath>> {
    const { index } = await this.#open();
    const untracked = await index.allUntracked();
    const files = new Set(untracked);
    const repositories = untracked.filter((path) => path.endsWith('/'));
    const isThere = (path: BytePath) => files.has(path) || repositories.some((folder) => path.startsWith(folder));
    return new Set([...paths].filter(isThere));
  }

  /** Mode and object of each path as git would store it there; paths that git refuses are left out. */
  async objects(paths: Iterable<BytePath>): Promise<Map<BytePath, string>> {
    const { index } = await this.#open();
    const { differences } = await index.take({ paths });
    return new Map(differences.map(({ path, mode, object }) => [path, `${mode} ${object}`]));
  }

  async fingerprints(folders: BytePath[]): Promise<Map<BytePath, string>> {
    return (await this.#open()).index.fingerprints(folders);
  }

  async close(): Promise<void> {
    const opened = await this.#opened?.catch(() => undefined);
    await opened?.job.remove();
  }

  #open(): Promise<{ job: JobContainer; index: PatchIndex }> {
    return (this.#opened ??= this.#start());
  }

  async #start(): Promise<{ job: JobContainer; index: PatchIndex }> {
    const { what, commit, workdir, signal } = this.#place;
    const job = await openJobContainer(this.#engine, { image: this.#image, network: 'none', labels: {}, what, signal });
    try {
      const index = await PatchIndex.open({ ...this.#place, container: job.container });
      if (index !== undefined) return { job, index };
      throw new Problem('patch_failed', `${what}: image ${this.#image} has no commit ${commit} at ${workdir}`, {
        hint: 'prepare the task’s image anew',
      });
    } catch (error) {
      await job.remove();
      throw error;
    }
  }
}
