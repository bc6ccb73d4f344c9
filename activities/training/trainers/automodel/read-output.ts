import type { OutputProgress } from '../../trainer.ts';

const step = /\bstep (\d+) \| epoch \d+ \| loss (\S+) \|/g;
const total = /- Max train steps: (\d+)/g;

/** What NeMo AutoModel's log says; its progress bar stands on the same lines. Its steps count from 0, ours from 1. */
export function readAutoModelOutput(text: string): OutputProgress {
  const steps = [...text.matchAll(step)].map(([, number, loss]) => ({ step: Number(number) + 1, loss: Number(loss) }));
  const known = [...text.matchAll(total)].at(-1)?.[1];
  return {
    step: steps.at(-1)?.step ?? null,
    total: known === undefined ? null : Number(known),
    losses: steps.filter(({ loss }) => Number.isFinite(loss)),
    counted: null,
  };
}
