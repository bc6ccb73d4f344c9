import { readFileSync } from 'node:fs';
import { z } from 'zod';
import { knownPlaces, tableSize } from './features.ts';

const share = z.strictObject({ claims: z.number(), others: z.number() });
const shares = { violation: share, note: share, marked: share };

/** What training leaves: weights of one byte each, and thresholds on the probability that a sentence is a claim. */
export const ClassifierFile = z.strictObject({
  /** Goes up with every training that changes a score. */
  version: z.int().min(1),
  bias: z.number(),
  /** One unit of a weight. */
  unit: z.number().positive(),
  thresholds: z.strictObject({ marked: z.number(), note: z.number(), violation: z.number() }),
  /** Shares of each author's claims and look-alikes that reach a threshold, judged by a model of the other authors. */
  measured: z.array(z.strictObject({ passages: z.int(), ...shares })),
  /** Bytes with sign, in base64. */
  weights: z.base64(),
});
export type ClassifierFile = z.infer<typeof ClassifierFile>;

export interface Classifier {
  version: number;
  thresholds: ClassifierFile['thresholds'];
  measured: ClassifierFile['measured'];
  /** The probability, 0 to 1, that a sentence with these features claims to know the project's later state. */
  score: (features: Int32Array) => number;
  /** The most that `score` can be when it is known of the sentence's names and numbers whether they were shown. */
  mostWithKnown: (features: Int32Array) => number;
}

/**
 * The classifier of a file. Weights are summed as whole numbers and the result is rounded, so a score is the same on every
 * machine. Throws `Error` when the table has another size than the features need.
 */
export function classifierOf({ version, bias, unit, thresholds, measured, weights }: ClassifierFile): Classifier {
  const bytes = Buffer.from(weights, 'base64');
  const table = new Int8Array(bytes.buffer, bytes.byteOffset, bytes.length);
  if (table.length !== tableSize) throw new Error(`a table of ${table.length} weights, not of ${tableSize}`);
  const sumOf = (features: Int32Array) => {
    let sum = 0;
    for (const feature of features) sum += table[feature] ?? 0;
    return sum;
  };
  const ofSum = (sum: number, count: number) => probability(bias + (unit * sum) / Math.sqrt(Math.max(1, count)));
  const gain = knownPlaces.reduce((sum, feature) => sum + Math.max(0, table[feature] ?? 0), 0);
  const score = (features: Int32Array) => ofSum(sumOf(features), features.length);
  const mostWithKnown = (features: Int32Array) => {
    const sum = sumOf(features) + gain;
    // More features make a sum weigh less, which helps one below zero.
    return ofSum(sum, features.length + (sum < 0 ? knownPlaces.length : 0));
  };
  return { version, thresholds, measured, score, mostWithKnown };
}

/** To four decimals, so that a last bit of `exp` decides nothing. */
function probability(odds: number): number {
  return Math.round(10_000 / (1 + Math.exp(-odds))) / 10_000;
}

let usual: Classifier | undefined;

/** The classifier that the project ships. */
export function usualClassifier(): Classifier {
  usual ??= classifierOf(ClassifierFile.parse(JSON.parse(readFileSync(new URL('./classifier.json', import.meta.url), 'utf8'))));
  return usual;
}
