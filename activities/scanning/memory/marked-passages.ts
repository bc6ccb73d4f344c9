import type { Message } from '../../../schemas/message.ts';
import type { ScanContext } from '../../../schemas/scan-context.ts';
import { conversationOf, type Turn } from '../conversation.ts';
import { usualClassifier } from './classifier.ts';
import { bare } from './features.ts';
import { ownNames } from './own-names.ts';
import { SentenceScores } from './sentence-scores.ts';
import { type Sentence, sentencesOf } from './sentences.ts';
import { ShownTexts } from './shown-texts.ts';
import { type SpokenPassage, spokenPassages, type Voice } from './spoken-passages.ts';
import { kinds, type Token, Tokenizer } from './tokens.ts';

/** A sentence that may claim to know the project's later state, marked so as to miss few. */
export interface MarkedPassage {
  /** Index of the assistant turn and of the call in it, as in findings. */
  turn: number;
  call: number;
  where: Voice;
  /** The sentence as it stands, up to 600 characters. */
  text: string;
  /** The sentence with what stands around it, up to 1,200 characters. */
  context: string;
  /** The classifier's probability that it is such a claim, 0 to 1. */
  score: number;
  /** Versions, tickets and hashes that neither prompt nor outputs had shown. */
  unknown: { releases: string[]; tickets: string[]; commits: string[] };
}

/** What a reader of a trajectory knows at a turn. */
export interface MarkingContext {
  tokenizer: Tokenizer;
  isKnown: (text: string) => boolean;
}

/** Sentences of a whole trajectory for a second judge, in their order. Pure; the same trajectory gives the same passages. */
export function markPassages(
  messages: readonly Message[],
  { repo, instance_id, problem_statement = '', package_names = [] }: ScanContext,
): MarkedPassage[] {
  const conversation = conversationOf(messages);
  const shown = new ShownTexts([conversation.prompt, problem_statement, ...conversation.later]);
  const tokenizer = new Tokenizer(ownNames(repo, instance_id, ...package_names));
  const isKnown = (text: string) => shown.holds(text);
  return conversation.turns.flatMap((turn, index) => {
    const marked = markedInTurn(turn, index, { tokenizer, isKnown });
    for (const { observation } of turn.calls) shown.add(observation);
    return marked;
  });
}

/** Sentences of one turn whose score is `least` or more; by default those that the classifier marks. */
export function markedInTurn(
  turn: Turn,
  index: number,
  context: MarkingContext,
  least = usualClassifier().thresholds.marked,
): MarkedPassage[] {
  const seen = new Set<string>();
  return spokenPassages(turn).flatMap((passage) => {
    if (seen.has(passage.text)) return [];
    seen.add(passage.text);
    return markedIn(passage, index, context, least);
  });
}

function markedIn(
  { where, call, text }: SpokenPassage,
  turn: number,
  { tokenizer, isKnown }: MarkingContext,
  least: number,
): MarkedPassage[] {
  const scores = usualScores();
  const sentences = sentencesOf(text);
  const tokens = sentences.map(({ text: { length }, start }) => tokenizer.tokens(text, start, start + length));
  const marked: MarkedPassage[] = [];
  for (const [at, sentence] of sentences.entries()) {
    const spoken = tokens[at] ?? [];
    const score = scores.score(spoken, { where, before: tokens[at - 1] ?? [], after: tokens[at + 1] ?? [] }, isKnown, least);
    if (score === undefined) continue;
    marked.push({ turn, call, where, text: sentence.text, context: around(text, sentence), score, unknown: unknownIn(spoken, isKnown) });
  }
  return marked;
}

let scoresOfUsual: SentenceScores | undefined;

function usualScores(): SentenceScores {
  scoresOfUsual ??= new SentenceScores(usualClassifier());
  return scoresOfUsual;
}

function around(text: string, { text: { length }, start }: Sentence): string {
  return text.slice(Math.max(0, start - 300), start + length + 300);
}

function unknownIn(tokens: readonly Token[], isKnown: (text: string) => boolean): MarkedPassage['unknown'] {
  const named = (kind: number) => tokens.filter((token) => token.kind === kind && !isKnown(bare(token.raw))).map(({ raw }) => raw);
  return { releases: named(kinds.version), tickets: named(kinds.ticket), commits: named(kinds.hash) };
}
