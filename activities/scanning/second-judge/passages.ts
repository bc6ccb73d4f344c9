import { z } from 'zod';
import { FindingCategory, type Finding } from '../../../schemas/finding.ts';
import type { Message } from '../../../schemas/message.ts';
import type { ScanContext } from '../../../schemas/scan-context.ts';
import type { Conversation } from '../conversation.ts';
import { conversationOf } from '../conversation.ts';
import { type MarkedPassage, markPassages } from '../memory/marked-passages.ts';

/** Something of a trajectory that a second judge decides on. Lengths are bounded, so that a question has a bounded price. */
export const Passage = z.object({
  category: FindingCategory,
  /** Index of the assistant turn and of the call in it. */
  turn: z.int().min(0),
  call: z.int().min(0),
  /** Index of the finding that it belongs to; null where the scanner only marked it. */
  finding: z.int().min(0).nullable(),
  /** The words or the command. */
  text: z.string(),
  /** What stands around it: the model's words, or the call and what it showed. */
  context: z.string(),
  /** What the model was asked to do. */
  task: z.string(),
});
export type Passage = z.infer<typeof Passage>;

const textLength = 1_000;
const contextLength = 2_400;
const taskLength = 2_000;
/** Evidence holds this much of a sentence. */
const comparedLength = 200;

/**
 * What a second judge should decide on: findings of the categories in their order, then sentences that were marked so as to miss
 * few, the likeliest first. Pure.
 */
export function passagesOf(
  messages: readonly Message[],
  findings: readonly Finding[],
  context: ScanContext,
  categories: readonly FindingCategory[],
): Passage[] {
  const conversation = conversationOf(messages);
  const task = cut(context.problem_statement ?? conversation.prompt, taskLength);
  const marked = categories.includes('MEMORY') ? markPassages(messages, context) : [];
  const spokenOf = new Set<MarkedPassage>();
  const found = findings.flatMap((finding, index): Passage[] => {
    if (!categories.includes(finding.category)) return [];
    const sentence = marked.find((one) => isOf(finding, one));
    if (sentence === undefined) return [{ ...placed(finding, conversation), finding: index, task }];
    spokenOf.add(sentence);
    return [{ ...ofMark(sentence, task), call: finding.call, finding: index }];
  });
  const others = marked.filter((one) => !spokenOf.has(one)).toSorted((a, b) => b.score - a.score);
  return [...found, ...others.map((one) => ofMark(one, task))];
}

/** Whether a finding is about a marked sentence. Its evidence begins with the sentence; the score behind it is nothing for a judge. */
function isOf({ category, turn, evidence }: Finding, marked: MarkedPassage): boolean {
  return category === 'MEMORY' && turn === marked.turn && evidence.startsWith(marked.text.slice(0, comparedLength));
}

function placed({ category, turn, call, command, evidence }: Finding, { turns }: Conversation): Omit<Passage, 'finding' | 'task'> {
  const said = turns[turn];
  if (category === 'MEMORY') {
    const words = [said?.reasoning ?? '', said?.content ?? ''].filter((text) => text !== '').join('\n');
    return { category, turn, call, text: cut(evidence, textLength), context: cut(words, contextLength) };
  }
  const made = said?.calls[call];
  const shown = made === undefined ? '' : `${cut(made.raw, contextLength / 2)}\n--- shown:\n${cut(made.observation, contextLength / 2)}`;
  return { category, turn, call, text: cut(command === '' ? evidence : `${command}\n(${evidence})`, textLength), context: shown };
}

function ofMark({ turn, call, text, context }: MarkedPassage, task: string): Passage {
  return { category: 'MEMORY', turn, call, finding: null, text: cut(text, textLength), context: cut(context, contextLength), task };
}

function cut(text: string, length: number): string {
  return text.length <= length ? text : `${text.slice(0, length).toWellFormed()}…`;
}
