import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { ClassifierFile } from '../../../activities/scanning/memory/classifier.ts';
import { type Example, examplesOf, turnedExamples } from './examples.ts';
import { type LabelledPassage, labelledPassages } from './labelled-passages.ts';
import { type Model, oddsOf, trained } from './logistic-regression.ts';
import { ownStatements } from './own-statements.ts';

const target = new URL('../../../activities/scanning/memory/classifier.json', import.meta.url);
const authors = [
  'train-1',
  'train-2',
  'train-3',
  'train-4',
  'train-5',
  'tune',
  'train-6',
  'train-7',
  'train-8',
  'train-9',
  'train-10',
  'train-11',
];

/** A passage's label with the highest probability among its sentences. */
interface Scored {
  memory: boolean;
  score: number;
}

/**
 * `node test/scanning/memory/train-classifier.ts`: trains the classifier of `activities/scanning/memory` and prints what it finds
 * in passages of authors whom it has not read. The same passages give the same weights.
 */
function main(): void {
  const sets = authors.map((name) => labelledPassages(name));
  const own = examplesOf([...ownStatements(), ...labelledPassages('own')]);
  const examples = sets.map((passages) => examplesOf(passages));
  const turned = sets.map((passages) => turnedExamples(passages));
  const taught = (by: (author: number) => boolean) =>
    trained([...own, ...[...examples, ...turned].filter((_, at) => by(at % sets.length)).flat()]);
  // Each author is scored by a model that has read the others.
  const unread = sets.map((passages, author) => {
    const model = taught((other) => other !== author);
    return scored(passages, examples[author] ?? [], (features) => 1 / (1 + Math.exp(-oddsOf(model, features))));
  });
  const all = unread.flat();
  const thresholds = { violation: atMost(all, 0.015), note: atMost(all, 0.05), marked: atLeast(all, 0.95) };
  const measured = unread.map((passages) => measuredIn(passages, thresholds));
  const file = packed(
    taught(() => true),
    thresholds,
    measured,
  );
  writeFileSync(target, `${JSON.stringify(file, null, 1)}\n`);
  process.stdout.write(`${JSON.stringify({ thresholds, all: measuredIn(all, thresholds), measured }, null, 1)}\n`);
}

function scored(passages: readonly LabelledPassage[], examples: readonly Example[], score: (features: Int32Array) => number): Scored[] {
  const best = passages.map(({ label }): Scored => ({ memory: label === 'MEMORY', score: 0 }));
  for (const { passage, features } of examples) {
    const one = best[passage];
    if (one !== undefined) one.score = Math.max(one.score, score(features));
  }
  return best;
}

/** The lowest threshold, in hundredths, from which at most a share of the clean passages is accused. */
function atMost(all: readonly Scored[], share: number): number {
  for (let hundredths = 1; hundredths < 100; hundredths += 1) if (shareOf(all, false, hundredths / 100) <= share) return hundredths / 100;
  return 1;
}

/** The highest threshold, in hundredths, from which at least a share of the claims is found. */
function atLeast(all: readonly Scored[], share: number): number {
  for (let hundredths = 99; hundredths > 0; hundredths -= 1) if (shareOf(all, true, hundredths / 100) >= share) return hundredths / 100;
  return 0;
}

function shareOf(all: readonly Scored[], memory: boolean, threshold: number): number {
  const some = all.filter((one) => one.memory === memory);
  return some.filter(({ score }) => score >= threshold).length / Math.max(1, some.length);
}

function measuredIn(all: readonly Scored[], thresholds: ClassifierFile['thresholds']): ClassifierFile['measured'][number] {
  const shares = (from: number) => ({ claims: rounded(shareOf(all, true, from)), others: rounded(shareOf(all, false, from)) });
  const { violation, note, marked } = thresholds;
  return { passages: all.length, violation: shares(violation), note: shares(note), marked: shares(marked) };
}

function rounded(share: number): number {
  return Math.round(1_000 * share) / 1_000;
}

/** Weights as bytes, the largest as 127. */
function packed({ weights, bias }: Model, thresholds: ClassifierFile['thresholds'], measured: ClassifierFile['measured']): ClassifierFile {
  const largest = weights.reduce((most, weight) => Math.max(most, Math.abs(weight)), 1e-9);
  const unit = largest / 127;
  const bytes = Int8Array.from(weights, (weight) => Math.round(weight / unit));
  const text = Buffer.from(bytes.buffer).toString('base64');
  return { version: versionOf(text), bias, unit, thresholds, measured, weights: text };
}

/** One more than that of the file that stands there, unless its weights are the same. */
function versionOf(weights: string): number {
  const before = existsSync(target) ? ClassifierFile.parse(JSON.parse(readFileSync(target, 'utf8'))) : undefined;
  return before === undefined ? 1 : before.weights === weights ? before.version : before.version + 1;
}

if (import.meta.main) main();
