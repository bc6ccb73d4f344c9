import { readFileSync } from 'node:fs';
import { z } from 'zod';
import { isMissingFile } from '../../platform/missing-file.ts';
import { replaceFile } from '../../platform/replace-file.ts';
import { CachedImage } from '../../schemas/cached-image.ts';
import { messageOf, Problem } from '../../schemas/problem.ts';
import { engineProblem, isConflict, isMissing } from '../engine/engine-error.ts';
import type { DiskSpace, Engine } from '../engine/engine.ts';
import { diskFullRetryMs } from '../engine/pull-problem.ts';
import type { ContainerOwner } from './reaper.ts';

export interface ImageCacheOptions {
  engine: Engine;
  /** The file in which the images are noted. */
  path: string;
  /** Whether a pull request still runs. */
  isLive: (owner: ContainerOwner) => Promise<boolean>;
  /** Free bytes below which images are removed; 0 for never. By default a tenth of the disk, at most 20 GB. */
  lowBytes?: number | undefined;
  /** Of the engine's disk; by default the engine is asked. */
  space?: () => Promise<DiskSpace | undefined>;
  onRemoved?: (name: string) => void;
}

/** What one pull request does with the cache. */
export interface ImageClaims {
  /** Keeps an image that the cache knows from now on. Waits for a clean-up under way, so that what is there then stays. */
  claim(name: string): Promise<void>;
  /** Notes an image that was just pulled or derived for it. */
  add(image: Pick<CachedImage, 'name' | 'id' | 'kind'>): void;
  /**
   * Removes images that no running pull request asked for when the engine's disk is nearly full. Throws `Problem`
   * disk_full when that was not enough, engine_unreachable, container_failed.
   */
  makeRoom(): Promise<void>;
}

const mostLowBytes = 20e9;
/** With less, no image is pulled or derived. Between this and the low mark, work goes on even when nothing is left to remove. */
const leastBytes = 2e9;
/** Clean-up goes on to this multiple of the low mark, so that not every pull begins with one. */
const highFactor = 1.5;

/**
 * The images that Tracemill brought to the engine. Others are never touched, nor are those of a running pull request
 * or of any container. One process a home uses it.
 */
export class ImageCache {
  readonly #options: ImageCacheOptions;
  readonly #images: Map<string, CachedImage>;
  #cleanUp: Promise<void> = Promise.resolve();

  private constructor(options: ImageCacheOptions) {
    this.#options = options;
    this.#images = new Map(readImages(options.path).map((image) => [image.name, image]));
  }

  /** Throws `Problem` image_cache_damaged. */
  static open(options: ImageCacheOptions): ImageCache {
    return new ImageCache(options);
  }

  claimsOf(owner: ContainerOwner): ImageClaims {
    return {
      claim: async (name) => {
        this.#keep(name, owner);
        await this.#cleanUp;
        this.#keep(name, owner);
      },
      add: (image) => this.#note({ ...image, owners: this.#images.get(image.name)?.owners ?? [] }, owner),
      makeRoom: () => {
        const turn = this.#cleanUp.then(() => this.#makeRoom(owner.instance_id));
        this.#cleanUp = turn.catch(() => undefined);
        return turn;
      },
    };
  }

  #keep(name: string, owner: ContainerOwner): void {
    const known = this.#images.get(name);
    if (known !== undefined) this.#note(known, owner);
  }

  #note(image: Omit<CachedImage, 'last_use'>, { campaign, instance_id }: ContainerOwner): void {
    const others = image.owners.filter((owner) => owner.campaign !== campaign || owner.instance_id !== instance_id);
    this.#images.set(image.name, { ...image, last_use: Date.now(), owners: [...others, { campaign, instance_id }] });
    this.#save();
  }

  async #makeRoom(what: string): Promise<void> {
    const before = await this.#space(what);
    if (before === undefined) return;
    const low = this.#options.lowBytes ?? Math.min(mostLowBytes, before.size / 10);
    if (before.free >= low) return;
    await this.#removeUntil(what, async () => ((await this.#space(what))?.free ?? Infinity) >= low * highFactor);
    const { free } = (await this.#space(what)) ?? before;
    const least = Math.min(low, leastBytes);
    if (free >= least) return;
    throw new Problem('disk_full', `${what}: ${gigabytes(free)} are free on the engine’s disk, ${gigabytes(least)} are to stay free`, {
      hint: 'no image of ended tasks is left to remove: make room, run fewer tasks at once, or lower `tracemill worker --image-disk-low`',
      retryAfterMs: diskFullRetryMs,
    });
  }

  async #space(what: string): Promise<DiskSpace | undefined> {
    const { engine, space = () => engine.disk(), lowBytes } = this.#options;
    if (lowBytes === 0) return undefined;
    try {
      return await space();
    } catch (error) {
      throw engineProblem(error, what);
    }
  }

  async #removeUntil(what: string, enough: () => Promise<boolean>): Promise<void> {
    await this.#dropEndedOwners();
    try {
      const inContainers = new Set((await this.#options.engine.listContainers()).map(({ imageId }) => imageId));
      for (const image of evictionOrder([...this.#images.values()])) {
        if (inContainers.has(image.id) || image.owners.length > 0 || !(await this.#remove(image))) continue;
        this.#options.onRemoved?.(image.name);
        if (await enough()) break;
      }
    } catch (error) {
      throw engineProblem(error, what);
    } finally {
      this.#save();
    }
  }

  async #dropEndedOwners(): Promise<void> {
    for (const image of this.#images.values()) {
      const live = await Promise.all(image.owners.map(this.#options.isLive));
      // Unless it was claimed in the meantime.
      if (this.#images.get(image.name) === image && live.includes(false))
        this.#images.set(image.name, { ...image, owners: image.owners.filter((_, index) => live[index]) });
    }
  }

  async #remove(image: CachedImage): Promise<boolean> {
    const { engine } = this.#options;
    const found = await engine.findImage(image.name);
    // Claimed in the meantime.
    if (this.#images.get(image.name) !== image) return false;
    this.#images.delete(image.name);
    if (found?.id !== image.id) return false;
    try {
      await engine.removeImage(image.name);
      return true;
    } catch (error) {
      if (isMissing(error)) return false;
      this.#images.set(image.name, this.#images.get(image.name) ?? image);
      // A container that somebody else made of it since.
      if (isConflict(error)) return false;
      throw error;
    }
  }

  #save(): void {
    replaceFile(this.#options.path, JSON.stringify([...this.#images.values()]));
  }
}

/** Derived images first, since they hold the layers of their source; of each kind the one unused for longest. */
function evictionOrder(images: readonly CachedImage[]): CachedImage[] {
  return images.toSorted((a, b) => (a.kind === b.kind ? a.last_use - b.last_use : a.kind === 'derived' ? -1 : 1));
}

function readImages(path: string): CachedImage[] {
  try {
    return z.array(CachedImage).parse(JSON.parse(readFileSync(path, 'utf8')));
  } catch (error) {
    if (isMissingFile(error)) return [];
    throw new Problem('image_cache_damaged', `${path}: ${messageOf(error).slice(0, 500)}`, {
      hint: 'remove the file; the images it named then stay until you remove them',
      cause: error,
    });
  }
}

function gigabytes(bytes: number): string {
  return `${(bytes / 1e9).toFixed(1)} GB`;
}
