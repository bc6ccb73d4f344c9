import { isMainThread, parentPort } from 'node:worker_threads';
import { derivedGroups } from './derived-groups.ts';
import { DerivedUnit } from './derived-unit.ts';

/** A thread of the pool: reads and encodes one unit after another until it is ended from outside. */
if (!isMainThread) {
  let before = Promise.resolve();
  parentPort?.on('message', (message: unknown) => {
    const unit = DerivedUnit.parse(message);
    before = before.then(async () => {
      for await (const group of derivedGroups(unit)) parentPort?.postMessage(group, group.ok ? [group.encoded.bytes.buffer] : []);
    });
  });
}
