import { z } from 'zod';
import type { OutputProgress } from './trainer.ts';

/** A line of a trainer's program that is meant for the worker, wherever in a line it begins: a progress bar may stand before it. */
const told = /tracemill (\{.*\})\s*$/;

const Told = z.union([
  z.object({ step: z.int(), total: z.int(), loss: z.number() }),
  z.object({ rows: z.int(), tokens: z.int(), trained_tokens: z.int() }),
]);

/** What the lines say that a program writes for the worker. Others, and what is cut, are passed over. */
export function readOutputLines(text: string): OutputProgress {
  const progress: OutputProgress = { step: null, total: null, losses: [], counted: null };
  for (const line of text.split('\n')) {
    const fact = Told.safeParse(parsed(told.exec(line)?.[1])).data;
    if (fact === undefined) continue;
    if ('rows' in fact) {
      progress.counted = fact;
    } else {
      progress.step = fact.step;
      progress.total = fact.total;
      progress.losses.push({ step: fact.step, loss: fact.loss });
    }
  }
  return progress;
}

function parsed(text: string | undefined): unknown {
  if (text === undefined) return undefined;
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
