import { featuresOf, withKnown } from '../../../activities/scanning/memory/features.ts';
import { ownNames } from '../../../activities/scanning/memory/own-names.ts';
import { type Sentence, sentencesOf } from '../../../activities/scanning/memory/sentences.ts';
import { kinds, Tokenizer } from '../../../activities/scanning/memory/tokens.ts';
import type { LabelledPassage } from './labelled-passages.ts';

/** A sentence to learn from or to score. */
export interface Example {
  /** Index of its passage. */
  passage: number;
  features: Int32Array;
  claims: boolean;
  weight: number;
}

/** Sentences of passages: those of the marked claim are claims, all others are not. */
export function examplesOf(passages: readonly LabelledPassage[]): Example[] {
  return passages.flatMap((passage, index) => {
    const { repo, where, issue, seen, text, label } = passage;
    const sentences = sentencesOf(text);
    const tokenizer = new Tokenizer(ownNames(repo));
    const tokens = sentences.map((sentence) => tokenizer.tokens(sentence.text));
    const claiming = claimingSentences(passage, sentences);
    const given = `${issue}\n${seen}`;
    return sentences.map((_, at): Example => {
      const spoken = tokens[at] ?? [];
      const features = featuresOf(spoken, { where, before: tokens[at - 1] ?? [], after: tokens[at + 1] ?? [] });
      const claims = claiming.has(at);
      // Another sentence beside a claim may be a second claim that nobody marked.
      return {
        passage: index,
        features: withKnown(features, spoken, (name) => given.includes(name)),
        claims,
        weight: claims || label === 'CLEAN' ? 1 : 0.2,
      };
    });
  });
}

/**
 * Claims turned into others: under another project's name they speak of a library, and where an earlier output had said the
 * same they are no memory. They weigh little, since their words are those of claims.
 */
export function turnedExamples(passages: readonly LabelledPassage[]): Example[] {
  const claims = passages.filter(({ label }) => label === 'MEMORY');
  const asSeen = claims.map((passage) => ({ ...passage, seen: passage.claim }));
  const elsewhere = claims.filter(namesItsProject).map((passage) => ({ ...passage, repo: 'unknown-owner/unknown-name' }));
  return examplesOf([...asSeen, ...elsewhere])
    .filter((example) => example.claims)
    .map((example) => ({ ...example, claims: false, weight: 0.1 }));
}

function namesItsProject({ repo, claim }: LabelledPassage): boolean {
  return new Tokenizer(ownNames(repo)).tokens(claim).some(({ kind }) => kind === kinds.own);
}

/** Sentences of which half belongs to the claim, or that hold half of it; at least one. */
function claimingSentences({ text, label, claim }: LabelledPassage, sentences: readonly Sentence[]): Set<number> {
  if (label !== 'MEMORY') return new Set();
  const from = text.indexOf(claim);
  const shares = sentences.map((sentence) => {
    const common = Math.min(from + claim.length, sentence.start + sentence.text.length) - Math.max(from, sentence.start);
    return Math.max(0, common) / Math.max(1, Math.min(claim.length, sentence.text.length));
  });
  const most = Math.max(...shares);
  return new Set(shares.flatMap((share, at) => (share >= Math.min(0.5, most) ? [at] : [])));
}
