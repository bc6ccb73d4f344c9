import type { PaperFigure } from '../../../schemas/evaluation-figures.ts';

/*
 * What the paper and summaries of it report, to stand beside our figures. `confirmed` are the headlines of its published
 * summary, `inferred` comes from secondary summaries; they contradict each other on Pro. Nothing is measured against them.
 */
const reported: Record<string, PaperFigure[]> = {
  verified: [
    { scaffold: 'headline', mode: null, rate: 0.617, certainty: 'confirmed' },
    { scaffold: 'MSWE-agent', mode: 'no_think', rate: 0.617, certainty: 'inferred' },
    { scaffold: 'MSWE-agent', mode: 'think', rate: 0.593, certainty: 'inferred' },
    { scaffold: 'MOpenHands', mode: 'no_think', rate: 0.602, certainty: 'inferred' },
    { scaffold: 'MOpenHands', mode: 'think', rate: 0.591, certainty: 'inferred' },
    { scaffold: 'base model, Coder', mode: 'no_think', rate: 0.516, certainty: 'inferred' },
  ],
  multilingual: [
    { scaffold: 'headline', mode: null, rate: 0.571, certainty: 'confirmed' },
    { scaffold: 'MSWE-agent', mode: 'no_think', rate: 0.571, certainty: 'inferred' },
    { scaffold: 'MOpenHands', mode: 'no_think', rate: 0.484, certainty: 'inferred' },
    { scaffold: 'not stated', mode: 'think', rate: 0.476, certainty: 'inferred' },
    { scaffold: 'base model, Coder', mode: 'no_think', rate: 0.335, certainty: 'inferred' },
  ],
  pro: [
    { scaffold: 'headline', mode: null, rate: 0.368, certainty: 'confirmed' },
    { scaffold: 'MSWE-agent', mode: 'think', rate: 0.368, certainty: 'inferred' },
    { scaffold: 'base model, Coder', mode: 'think', rate: 0.284, certainty: 'inferred' },
  ],
};

/** The paper's numbers for a benchmark, by the word in its name: `verified`, `swe-bench-pro`. Empty for any other. */
export function paperFigures(benchmark: string): PaperFigure[] {
  const words = benchmark.toLowerCase().split(/[^a-z]+/);
  const word = Object.keys(reported).find((name) => words.includes(name));
  return word === undefined ? [] : [...(reported[word] ?? [])];
}
