import type { TeacherQuirk } from '../../schemas/teacher-quirk.ts';
import { Misbehaviour } from '../../schemas/teacher-script.ts';
import { draw } from './draw.ts';
import { quirksByChance, together } from './quirks.ts';

/** Trouble at random, the same for the same seed: kind → probability per attempt. */
export interface Chaos {
  seed: string;
  probabilities: Partial<Record<Misbehaviour['kind'], number>>;
  /** Probability of each odd form of a whole answer; 0 by default. */
  quirks?: number;
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

/** How the answer to this attempt is put: as its turn says, and by chance. */
export function quirksFor(scripted: readonly TeacherQuirk[], chaos: Chaos | undefined, key: string, attempt: number): Set<TeacherQuirk> {
  const drawn = chaos?.quirks === undefined ? [] : quirksByChance(chaos.quirks, `${chaos.seed}\0${key}\0${attempt}`);
  return together([...scripted, ...drawn]);
}
