const bucketMs = 10_000;
const buckets = 30;

/** How often something happens a minute, over the last five minutes or since it began. */
export class Rate {
  readonly #counts = new Map<number, number>();
  #first: number | undefined;

  count(now: number): void {
    this.#first ??= now;
    const bucket = Math.floor(now / bucketMs);
    this.#counts.set(bucket, (this.#counts.get(bucket) ?? 0) + 1);
    for (const old of this.#counts.keys()) if (old <= bucket - buckets) this.#counts.delete(old);
  }

  aMinute(now: number): number {
    if (this.#first === undefined) return 0;
    const oldest = Math.floor(now / bucketMs) - buckets;
    let count = 0;
    for (const [bucket, some] of this.#counts) if (bucket > oldest) count += some;
    const milliseconds = Math.min(buckets * bucketMs, Math.max(bucketMs, now - this.#first));
    return (count * 60_000) / milliseconds;
  }
}
