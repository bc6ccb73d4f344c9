import type { ReleaseProgress } from '../../schemas/release-progress.ts';

interface Watcher {
  onProgress?: (progress: ReleaseProgress) => void;
  signal?: AbortSignal;
}

/** How far the build of a release is. Its watcher gets every change; that is also where a build stops when it has to. */
export class BuildProgress {
  readonly #watcher: Watcher;
  #state: ReleaseProgress = { phase: 'comparing', rows: 0, written: 0, checked: 0, shards: 0, shards_done: 0 };

  constructor(watcher: Watcher) {
    this.#watcher = watcher;
  }

  /** Throws the signal's reason once it is aborted. */
  set(change: Partial<ReleaseProgress>): void {
    this.#watcher.signal?.throwIfAborted();
    this.#state = { ...this.#state, ...change };
    this.#watcher.onProgress?.(this.#state);
  }

  count(what: 'written' | 'checked' | 'shards_done'): void {
    this.set({ [what]: this.#state[what] + 1 });
  }
}
