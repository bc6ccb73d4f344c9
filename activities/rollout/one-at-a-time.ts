/**
 * Fences attempts of one rollout within a worker. An attempt whose heartbeats came too late is still at work when the
 * server hands out the next one: that one ends it and waits until journal and container are free.
 */
export class OneAtATime {
  readonly #current = new Map<string, { stop: AbortController; ended: Promise<unknown> }>();

  async run<T>(id: string, signal: AbortSignal, work: (signal: AbortSignal) => Promise<T>): Promise<T> {
    for (let earlier = this.#current.get(id); earlier !== undefined; earlier = this.#current.get(id)) {
      earlier.stop.abort(new Error(`a newer attempt of ${id} took over`));
      await earlier.ended;
    }
    const stop = new AbortController();
    const working = work(AbortSignal.any([signal, stop.signal]));
    const entry = {
      stop,
      ended: working.then(
        () => undefined,
        () => undefined,
      ),
    };
    this.#current.set(id, entry);
    try {
      return await working;
    } finally {
      if (this.#current.get(id) === entry) this.#current.delete(id);
    }
  }
}
