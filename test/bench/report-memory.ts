import { renameSync, writeFileSync } from 'node:fs';
import { isMainThread } from 'node:worker_threads';
import { memoryFile } from './memory-of.ts';

/** Loaded ahead of a process under measurement (`--import`, with `--expose-gc`): on SIGUSR2 it collects garbage and writes down its memory. */
if (isMainThread) {
  process.on('SIGUSR2', () => {
    for (let round = 0; round < 3; round++) globalThis.gc?.();
    // What the collector gave up goes back to the system a moment later.
    setTimeout(() => {
      const file = memoryFile(process.pid);
      writeFileSync(`${file}.part`, JSON.stringify(process.memoryUsage()));
      renameSync(`${file}.part`, file);
    }, 500);
  });
}
