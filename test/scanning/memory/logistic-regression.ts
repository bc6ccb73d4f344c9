import { tableSize } from '../../../activities/scanning/memory/features.ts';
import type { Example } from './examples.ts';

export interface Model {
  weights: Float64Array;
  bias: number;
}

const epochs = 12;
const rate = 0.1;
const decay = 0.001;
const runs = 5;

/** Logistic regression by AdaGrad, the mean of several runs over the examples in different orders. The same examples give the same model. */
export function trained(examples: readonly Example[]): Model {
  const weights = new Float64Array(tableSize);
  let bias = 0;
  for (let run = 0; run < runs; run += 1) {
    const one = oneRun(examples, run + 1);
    for (const [at, weight] of one.weights.entries()) weights[at] = (weights[at] ?? 0) + weight / runs;
    bias += one.bias / runs;
  }
  return { weights, bias };
}

/** Log-odds that a sentence is a claim. */
export function oddsOf({ weights, bias }: Model, features: Int32Array): number {
  let sum = 0;
  for (const feature of features) sum += weights[feature] ?? 0;
  return bias + sum / Math.sqrt(Math.max(1, features.length));
}

function oneRun(examples: readonly Example[], seed: number): Model {
  const model: Model = { weights: new Float64Array(tableSize), bias: -1 };
  const squares = new Float64Array(tableSize).fill(1e-8);
  let squaredBias = 1e-8;
  const random = numbers(seed);
  const order = [...examples];
  for (let epoch = 0; epoch < epochs; epoch += 1) {
    shuffle(order, random);
    for (const { features, claims, weight } of order) {
      const error = (1 / (1 + Math.exp(-oddsOf(model, features))) - (claims ? 1 : 0)) * weight;
      squaredBias += error * error;
      model.bias -= (rate * error) / Math.sqrt(squaredBias);
      const step = error / Math.sqrt(Math.max(1, features.length));
      for (const feature of features) {
        const before = model.weights[feature] ?? 0;
        const slope = step + decay * before;
        const square = (squares[feature] ?? 0) + slope * slope;
        squares[feature] = square;
        model.weights[feature] = before - (rate * slope) / Math.sqrt(square);
      }
    }
  }
  return model;
}

function shuffle(list: Example[], random: () => number): void {
  for (let at = list.length - 1; at > 0; at -= 1) {
    const other = Math.floor(random() * (at + 1));
    const [one, two] = [list[at], list[other]];
    if (one === undefined || two === undefined) continue;
    list[at] = two;
    list[other] = one;
  }
}

/** Numbers from 0 to 1, the same for the same seed. */
function numbers(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let value = Math.imul(state ^ (state >>> 15), 1 | state);
    value = (value + Math.imul(value ^ (value >>> 7), 61 | value)) ^ value;
    return ((value ^ (value >>> 14)) >>> 0) / 4_294_967_296;
  };
}
