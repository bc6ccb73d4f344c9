import type { JobWatch } from '../schemas/training-run.ts';

/** How far a job is, in words: `step 3 of 40, loss 1.25`. */
export function stepText({ step, total, loss }: JobWatch, lossText: (loss: number) => string = String): string {
  const at = step === null ? 'no step yet' : `step ${step}${total === null ? '' : ` of ${total}`}`;
  return loss === null ? at : `${at}, loss ${lossText(loss)}`;
}
