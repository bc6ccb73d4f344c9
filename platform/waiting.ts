import { setTimeout as sleep } from 'node:timers/promises';

/** Settles like `promise`, or rejects with the signal's reason as soon as that is aborted. */
export async function orAborted<T>(promise: Promise<T>, signal: AbortSignal): Promise<T> {
  // Its rejection may have no handler left.
  promise.catch(() => undefined);
  signal.throwIfAborted();
  const { promise: aborted, reject } = Promise.withResolvers<never>();
  const onAbort = () => reject(signal.reason);
  signal.addEventListener('abort', onAbort, { once: true });
  try {
    return await Promise.race([promise, aborted]);
  } finally {
    signal.removeEventListener('abort', onAbort);
  }
}

/** Whether `promise` resolves within a number of milliseconds. Rejects when it rejects in time. */
export async function resolvesWithin(promise: Promise<unknown>, ms: number): Promise<boolean> {
  const timer = new AbortController();
  const over = sleep(ms, false, { signal: timer.signal }).catch(() => false);
  promise.catch(() => undefined);
  try {
    return await Promise.race([promise.then(() => true), over]);
  } finally {
    timer.abort();
  }
}
