import { readFileSync } from 'node:fs';
import { z } from 'zod';
import { tableSize } from './features.ts';

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
  weights: Int8Array;
  /** The weight at a place of the table. */
  weight: (place: number) => number;
  /** The probability, 0 to 1, that a sentence claims to know the project's later state, by the sum of so many features' weights. */
  probability: (sum: number, count: number) => number;
  /** The same by the features. */
  score: (features: Int32Array) => number;
}

/**
 * The classifier of a file. Weights are summed as whole numbers and the result is rounded, so a score is the same on every
 * machine. Throws `Error` when the table has another size than the features need.
 */
export function classifierOf({ version, bias, unit, thresholds, measured, weights: packed }: ClassifierFile): Classifier {
  const bytes = Buffer.from(packed, 'base64');
  const weights = new Int8Array(bytes.buffer, bytes.byteOffset, bytes.length);
  if (weights.length !== tableSize) throw new Error(`a table of ${weights.length} weights, not of ${tableSize}`);
  const weight = (place: number) => weights[place] ?? 0;
  const probability = (sum: number, count: number) => rounded(bias + (unit * sum) / Math.sqrt(Math.max(1, count)));
  const score = (features: Int32Array) =>
    probability(
      features.reduce((sum, feature) => sum + weight(feature), 0),
      features.length,
    );
  return { version, thresholds, measured, weights, weight, probability, score };
}

/** To four decimals, so that a last bit of `exp` decides nothing. */
function rounded(odds: number): number {
  return Math.round(10_000 / (1 + Math.exp(-odds))) / 10_000;
}

let usual: Classifier | undefined;

/** The classifier that the project ships. */
export function usualClassifier(): Classifier {
  usual ??= classifierOf(ClassifierFile.parse(JSON.parse(readFileSync(new URL('./classifier.json', import.meta.url), 'utf8'))));
  return usual;
}
