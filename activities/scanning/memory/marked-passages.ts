import type { Message } from '../../../schemas/message.ts';
import type { ScanContext } from '../../../schemas/scan-context.ts';
import { conversationOf } from '../conversation.ts';
import { sentencesOf } from './sentences.ts';
import { spokenPassages, type Voice } from './spoken-passages.ts';

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
  /** How much the sentence looks like such a claim, 0 to 1. */
  score: number;
}

const telling =
  /upstream|recall|remember|memory|memori|training|my knowledge|seen this|maintainer|(?:actual|real|official|original|merged|landed|true|final) (?:\w+ )?(?:fix|patch|commit|PR|solution|repo|project|change)|familiar with|(?:later|newer|recent|subsequent|latest) (?:versions?|releases?)|(?:fix(?:ed)?|resolved|patched|addressed|corrected|solved|landed|shipped|changed|merged|implemented|introduced) (?:in|by|as|via|since)|\bPR\b|pull request|merge request|\bcommit\b|I know/i;

/** Sentences of a trajectory for a second judge. Pure; the same trajectory gives the same passages. */
export function markPassages(messages: readonly Message[], _context: ScanContext): MarkedPassage[] {
  return conversationOf(messages).turns.flatMap((turn, index) =>
    spokenPassages(turn).flatMap(({ where, call, text }) =>
      sentencesOf(text)
        .filter((sentence) => telling.test(sentence.text))
        .map((sentence) => ({
          turn: index,
          call,
          where,
          text: sentence.text,
          context: text.slice(Math.max(0, sentence.start - 300), sentence.start + sentence.text.length + 300),
          score: 0.5,
        })),
    ),
  );
}
