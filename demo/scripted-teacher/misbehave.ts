import { createHash } from 'node:crypto';
import { Misbehaviour } from '../../schemas/teacher-script.ts';

/** Trouble at random, the same for the same seed: kind → probability per attempt. */
export interface Chaos {
  seed: string;
  probabilities: Partial<Record<Misbehaviour['kind'], number>>;
  /** Later attempts of an exchange are left alone, so that a patient client always succeeds. */
  maxAttempts: number;
  /** Tokens per second of `slow`. */
  tokensPerSecond: number;
}

/**
 * What goes wrong with this attempt, if anything. Scripted trouble comes first: its entries affect one run of
 * attempts after the other. Then chance, drawn from seed, key and attempt, so that it does not depend on order.
 */
export function misbehaviourFor(
  scripted: readonly Misbehaviour[],
  chaos: Chaos | undefined,
  key: string,
  attempt: number,
): Misbehaviour | undefined {
  let spoilt = 0;
  for (const misbehaviour of scripted) {
    spoilt += misbehaviour.attempts === 'forever' ? Number.POSITIVE_INFINITY : misbehaviour.attempts;
    if (attempt <= spoilt) return misbehaviour;
  }
  if (chaos === undefined || attempt > spoilt + chaos.maxAttempts) return undefined;
  for (const [kind, probability] of Object.entries(chaos.probabilities)) {
    if (draw(`${chaos.seed}\0${kind}\0${key}\0${attempt}`) >= probability) continue;
    return Misbehaviour.parse(kind === 'slow' ? { kind, tokens_per_second: chaos.tokensPerSecond } : { kind });
  }
  return undefined;
}

/** A number in [0, 1) that only depends on the text. */
function draw(text: string): number {
  return createHash('sha256').update(text).digest().readUInt32BE(0) / 2 ** 32;
}
