import { isMainThread, parentPort } from 'node:worker_threads';
import { readWholeShard } from './shard-facts.ts';
import { ShardUnit } from './shard-unit.ts';

/** A thread of the pool: reads one shard after another until it is ended from outside. */
if (!isMainThread) {
  let before = Promise.resolve();
  parentPort?.on('message', (message: unknown) => {
    const { number, path, form } = ShardUnit.parse(message);
    before = before.then(async () => {
      parentPort?.postMessage(await readWholeShard(number, path, form));
    });
  });
}
