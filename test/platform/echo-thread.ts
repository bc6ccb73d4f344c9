import { parentPort } from 'node:worker_threads';
import { z } from 'zod';

const Unit = z.object({ number: z.number(), waits: z.number(), dies: z.boolean() });

/** A thread for the tests of the pool: answers twice, after the time that the unit says. */
parentPort?.on('message', (message: unknown) => {
  const { number, waits, dies } = Unit.parse(message);
  if (dies) throw new Error(`unit ${number} is deadly`);
  parentPort?.postMessage({ number, done: false });
  setTimeout(() => parentPort?.postMessage({ number, done: true }), waits);
});
