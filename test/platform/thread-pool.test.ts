import { describe, expect, it } from 'vitest';
import { inThreads, type ThreadResult } from '../../platform/thread-pool.ts';

interface Unit {
  number: number;
  waits: number;
  dies: boolean;
}

async function* units(count: number, change: (unit: Unit) => Partial<Unit>, onTake?: (number: number) => void): AsyncGenerator<Unit> {
  for (let number = 0; number < count; number += 1) {
    onTake?.(number);
    const unit = { number, waits: 0, dies: false };
    yield { ...unit, ...change(unit) };
  }
}

const pool = {
  program: new URL('./echo-thread.ts', import.meta.url),
  threads: 2,
  data: null,
  resourceLimits: { maxOldGenerationSizeMb: 64 },
  failed: (reason: Error) => new Error(`the pool stopped: ${reason.message}`),
};

describe('a pool of threads', () => {
  it('gives results in the order of the units, however long each takes', async () => {
    const results: ThreadResult[] = [];
    const slowFirst = units(20, ({ number }) => ({ waits: number % 3 === 0 ? 30 : 0 }));
    for await (const result of inThreads<Unit, ThreadResult>(slowFirst, pool)) results.push(result);
    expect(results).toEqual(Array.from({ length: 20 }, (_, number) => [false, true].map((done) => ({ number, done }))).flat());
  });

  it('tells of results as they arrive', async () => {
    const arrived: number[] = [];
    const source = units(2, ({ number }) => ({ waits: number === 0 ? 200 : 0 }));
    const onArrival = ({ number, done }: ThreadResult) => void (done && arrived.push(number));
    for await (const _ of inThreads<Unit, ThreadResult>(source, { ...pool, onArrival }));
    expect(arrived).toEqual([1, 0]);
  });

  it('takes units as threads become free', async () => {
    let taken = 0;
    const ahead: number[] = [];
    const source = units(
      40,
      () => ({ waits: 1 }),
      (number) => (taken = number),
    );
    for await (const { number } of inThreads<Unit, ThreadResult>(source, pool)) ahead.push(taken - number);
    expect(Math.max(...ahead)).toBeLessThanOrEqual(8);
  });

  it('ends with the reason when a thread dies', async () => {
    const work = async () => {
      for await (const _ of inThreads<Unit, ThreadResult>(
        units(10, ({ number }) => ({ dies: number === 4 })),
        pool,
      ));
    };
    await expect(work()).rejects.toThrow('the pool stopped: unit 4 is deadly');
  });

  it('ends at once when it is told to', async () => {
    const stop = new AbortController();
    const work = async () => {
      for await (const _ of inThreads<Unit, ThreadResult>(
        units(10, () => ({ waits: 60_000 })),
        { ...pool, signal: stop.signal },
      ))
        stop.abort(new Error('enough'));
    };
    await expect(work()).rejects.toThrow('enough');
  });
});
