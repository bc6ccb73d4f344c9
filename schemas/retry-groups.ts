import type { Retry } from './live-detail.ts';

/** A retry of a task's work; of a campaign's, with the task. */
type OneRetry = Retry & { instance_id?: string };

/** Work that fails for one reason, in one task or many. */
export interface RetryGroup<T extends OneRetry> {
  /** The one that was given first. */
  first: T;
  /** Tasks beside that of the first. */
  others: number;
  /** The earliest of their next tries; null while one is under way, or none is known. */
  next_try: string | null;
}

/** Retries by what is tried and why it failed: a reason that names the task it hit counts as the same in another one. */
export function retryGroups<T extends OneRetry>(retries: readonly T[]): RetryGroup<T>[] {
  const groups = Map.groupBy(retries, ({ activity, code, message, instance_id = '' }) =>
    [activity, code, instance_id === '' ? message : message.replaceAll(instance_id, '')].join('\0'),
  );
  return [...groups.values()].flatMap((group) => {
    const [first] = group;
    if (first === undefined) return [];
    const next_try = group.flatMap((retry) => retry.next_try ?? []).sort()[0] ?? null;
    return [{ first, others: group.length - 1, next_try }];
  });
}
