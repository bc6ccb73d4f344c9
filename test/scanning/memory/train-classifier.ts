import { readFileSync, writeFileSync } from 'node:fs';
import { type ClassifierFile, classifierOf } from '../../../activities/scanning/memory/classifier.ts';
import { type Example, examplesOf } from './examples.ts';
import { type LabelledPassage, labelledPassages } from './labelled-passages.ts';
import { type Model, oddsOf, trained } from './logistic-regression.ts';
import { ownStatements } from './own-statements.ts';

const file = new URL('../../../activities/scanning/memory/classifier.json', import.meta.url);
const authors = ['train-1', 'train-2', 'train-3'];

/** A passage's label with the highest probability among its sentences. */
interface Scored {
  memory: boolean;
  score: number;
}

/**
 * `node test/scanning/memory/train-classifier.ts`: trains the classifier of `activities/scanning/memory` and prints what it finds
 * in passages of authors whom it has not read. The same passages give the same file.
 */
function main(): void {
  const sets = authors.map((name) => labelledPassages(name));
  const own = examplesOf(ownStatements());
  const examples = sets.map((passages) => examplesOf(passages));
  // Each author is scored by a model that has read the two others.
  const unread = sets.flatMap((passages, author) => {
    const model = trained([...own, ...examples.filter((_, other) => other !== author).flat()]);
    return scored(passages, examples[author] ?? [], (features) => 1 / (1 + Math.exp(-oddsOf(model, features))));
  });
  const draft = packed(trained([...own, ...examples.flat()]), { marked: 0, note: 0, violation: 0 });
  const tune = labelledPassages('tune');
  const tuned = scored(tune, examplesOf(tune), classifierOf(draft).score);
  const thresholds = {
    violation: Math.max(atMost(unread, 0.02), atMost(tuned, 0.01)),
    note: Math.max(atMost(unread, 0.06), atMost(tuned, 0.04)),
    marked: atLeast(tuned, 0.97),
  };
  writeFileSync(file, `${JSON.stringify({ ...draft, thresholds }, null, 1)}\n`);
  process.stdout.write(`${[line('authors in turn', unread, thresholds), line('tuning set', tuned, thresholds)].join('\n')}\n`);
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

function line(name: string, all: readonly Scored[], thresholds: ClassifierFile['thresholds']): string {
  const parts = Object.entries(thresholds).map(
    ([what, from]) =>
      `${what} from ${from.toFixed(2)}: ${(100 * shareOf(all, true, from)).toFixed(1)} % of claims, ${(100 * shareOf(all, false, from)).toFixed(1)} % of others`,
  );
  return `${name} (${all.length} passages): ${parts.join('; ')}`;
}

/** Weights as bytes, the largest as 127. */
function packed({ weights, bias }: Model, thresholds: ClassifierFile['thresholds']): ClassifierFile {
  const largest = weights.reduce((most, weight) => Math.max(most, Math.abs(weight)), 1e-9);
  const unit = largest / 127;
  const bytes = Int8Array.from(weights, (weight) => Math.round(weight / unit));
  return { version: versionBefore() + 1, bias, unit, thresholds, weights: Buffer.from(bytes.buffer).toString('base64') };
}

function versionBefore(): number {
  try {
    const before: unknown = JSON.parse(readFileSync(file, 'utf8'));
    return typeof before === 'object' && before !== null && 'version' in before && typeof before.version === 'number' ? before.version : 0;
  } catch {
    return 0;
  }
}

if (import.meta.main) main();
