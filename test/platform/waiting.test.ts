import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { orAborted, resolvesWithin } from '../../platform/waiting.ts';

const never = new Promise<never>(() => undefined);

describe('orAborted', () => {
  it('settles like the promise while the signal says nothing', async () => {
    const { signal } = new AbortController();
    expect(await orAborted(Promise.resolve(1), signal)).toBe(1);
    await expect(orAborted(Promise.reject(new Error('broken')), signal)).rejects.toThrow('broken');
  });

  it('rejects with the reason as soon as the signal is aborted, or at once', async () => {
    const stop = new AbortController();
    const waiting = orAborted(never, stop.signal);
    stop.abort(new Error('stopped'));
    await expect(waiting).rejects.toThrow('stopped');
    await expect(orAborted(never, stop.signal)).rejects.toThrow('stopped');
  });

  it('leaves no rejection behind that nobody takes', async () => {
    const unhandled: unknown[] = [];
    const note = (reason: unknown) => unhandled.push(reason);
    process.on('unhandledRejection', note);
    try {
      await expect(orAborted(Promise.reject(new Error('late')), AbortSignal.abort(new Error('stopped')))).rejects.toThrow('stopped');
      await sleep(10);
      expect(unhandled).toEqual([]);
    } finally {
      process.off('unhandledRejection', note);
    }
  });
});

describe('resolvesWithin', () => {
  it('distinguishes a promise that resolves in time from one that does not', async () => {
    expect(await resolvesWithin(sleep(1), 5000)).toBe(true);
    expect(await resolvesWithin(never, 5)).toBe(false);
    await expect(resolvesWithin(Promise.reject(new Error('broken')), 5000)).rejects.toThrow('broken');
  });
});
