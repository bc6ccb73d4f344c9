import type { Classifier } from './classifier.ts';
import {
  addNeighbours,
  addOwn,
  knownFeatures,
  knownPlace,
  mostFeatures,
  kindsLookedUp,
  neighbourPlaces,
  type Places,
  type SentenceContext,
  tableSize,
} from './features.ts';
import type { Token } from './tokens.ts';

/**
 * Scores sentences, as far as they can matter. Most are far from a claim by their own words; what stands around them, and whether
 * their names were shown before, is looked at only where it could still lift them to the score that is asked for.
 */
export class SentenceScores {
  readonly #classifier: Classifier;
  readonly #sum: WeightSum;
  readonly #before: MostAdded;
  readonly #after: MostAdded;
  /** By kind, the most that a sentence can gain by whether its names of this kind were shown. */
  readonly #gains: readonly number[];

  constructor(classifier: Classifier) {
    this.#classifier = classifier;
    this.#sum = new WeightSum(classifier);
    this.#before = new MostAdded(classifier, neighbourPlaces.before);
    this.#after = new MostAdded(classifier, neighbourPlaces.after);
    const gain = (place: number) => Math.max(0, classifier.weight(place));
    this.#gains = kindsLookedUp.reduce<number[]>((gains, kind) => {
      gains[kind] = gain(knownPlace(kind, false)) + gain(knownPlace(kind, true));
      return gains;
    }, []);
  }

  /** The probability that a sentence is a claim; undefined where it is below `least`. */
  score(tokens: readonly Token[], context: SentenceContext, isKnown: (text: string) => boolean, least: number): number | undefined {
    const sum = this.#sum;
    sum.begin();
    addOwn(tokens, context, sum);
    const gain = this.#gainOf(tokens);
    const most = sum.sum + gain + this.#before.of(context.before) + this.#after.of(context.after);
    // More features make a sum weigh less, which lifts one below zero; by how much is not known yet.
    if (this.#classifier.probability(Math.max(0, most), sum.count) < least) return undefined;
    addNeighbours(context, sum);
    const sumWithKnown = sum.sum + gain;
    const count = sumWithKnown < 0 ? sum.count + 2 * kindsLookedUp.length : sum.count;
    if (this.#classifier.probability(sumWithKnown, count) < least) return undefined;
    const further = knownFeatures(tokens, isKnown);
    const whole = further.reduce((total, place) => total + this.#classifier.weight(place), sum.sum);
    const score = this.#classifier.probability(whole, sum.count + further.length);
    return score < least ? undefined : score;
  }

  #gainOf(tokens: readonly Token[]): number {
    let seen = 0;
    let gain = 0;
    for (const { kind } of tokens) {
      if ((seen & (1 << kind)) !== 0) continue;
      seen |= 1 << kind;
      gain += this.#gains[kind] ?? 0;
    }
    return gain;
  }
}

/**
 * Sums the weights of features, each once. Which of them went into the sum is kept in a bit each, so that nothing but the weights
 * is as large as the table: of larger tables the processor's caches would hold little from one sentence to the next.
 */
class WeightSum implements Places {
  sum = 0;
  count = 0;
  readonly #weights: Int8Array;
  readonly #taken = new Int32Array(tableSize >> 5);
  readonly #places = new Int32Array(mostFeatures);

  constructor({ weights }: Classifier) {
    this.#weights = weights;
  }

  begin(): void {
    for (let at = 0; at < this.count; at += 1) this.#taken[(this.#places[at] ?? 0) >> 5] = 0;
    this.sum = 0;
    this.count = 0;
  }

  add(place: number): void {
    const word = place >> 5;
    const bit = 1 << (place & 31);
    const taken = this.#taken[word] ?? 0;
    if ((taken & bit) !== 0 || this.count === mostFeatures) return;
    this.#taken[word] = taken | bit;
    this.#places[this.count] = place;
    this.count += 1;
    this.sum += this.#weights[place] ?? 0;
  }
}

/** Where in the table forms and senses of one side stand. */
interface NeighbourPlaces {
  form: (form: number) => number;
  sense: (sense: number) => number;
}

/** The most that the words of a neighbouring sentence can add to a sum: their weights above zero, as if none were there already. */
class MostAdded {
  readonly #classifier: Classifier;
  readonly #places: NeighbourPlaces;
  /** By form and by sense; each asked for once. */
  readonly #forms: number[] = [];
  readonly #senses: number[] = [];

  constructor(classifier: Classifier, places: NeighbourPlaces) {
    this.#classifier = classifier;
    this.#places = places;
  }

  of(tokens: readonly Token[]): number {
    let most = 0;
    for (const { form, senses } of tokens) {
      most += this.#forms[form] ??= Math.max(0, this.#classifier.weight(this.#places.form(form)));
      for (const sense of senses) most += this.#senses[sense] ??= Math.max(0, this.#classifier.weight(this.#places.sense(sense)));
    }
    return most;
  }
}
