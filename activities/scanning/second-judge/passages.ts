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

/**
 * What a second judge should decide on: findings of the categories, and sentences that were marked so as to miss few. Pure; in
 * the order of the trajectory, findings first.
 */
export function passagesOf(
  messages: readonly Message[],
  findings: readonly Finding[],
  context: ScanContext,
  categories: readonly FindingCategory[],
): Passage[] {
  const conversation = conversationOf(messages);
  const task = cut(context.problem_statement ?? conversation.prompt, taskLength);
  const found = findings.flatMap((finding, index): Passage[] =>
    categories.includes(finding.category) ? [{ ...placed(finding, conversation), finding: index, task }] : [],
  );
  const marked = categories.includes('MEMORY') ? markPassages(messages, context) : [];
  return [...found, ...marked.filter((one) => !found.some((passage) => holds(passage, one))).map((one) => ofMark(one, task))];
}

function placed({ category, turn, call, command, evidence }: Finding, { turns }: Conversation): Omit<Passage, 'finding' | 'task'> {
  const said = turns[turn];
  if (category === 'MEMORY') {
    const words = [said?.reasoning ?? '', said?.content ?? ''].filter((text) => text !== '').join('\n');
    return { category, turn, call, text: cut(evidence, textLength), context: around(words, evidence) };
  }
  const made = said?.calls[call];
  const shown = made === undefined ? '' : `${cut(made.raw, contextLength / 2)}\n--- shown:\n${cut(made.observation, contextLength / 2)}`;
  return { category, turn, call, text: cut(command === '' ? evidence : `${command}\n(${evidence})`, textLength), context: shown };
}

function ofMark({ turn, call, text, context }: MarkedPassage, task: string): Passage {
  return { category: 'MEMORY', turn, call, finding: null, text: cut(text, textLength), context: cut(context, contextLength), task };
}

/** Whether a marked sentence is what a finding speaks of. */
function holds({ category, turn, text }: Passage, marked: MarkedPassage): boolean {
  const [one, other] = [text.trim(), marked.text.trim()];
  return category === 'MEMORY' && turn === marked.turn && (one.includes(other) || other.includes(one));
}

function around(words: string, evidence: string): string {
  const at = Math.max(0, words.indexOf(evidence.slice(0, 80)));
  return cut(words.slice(Math.max(0, at - contextLength / 3)), contextLength);
}

function cut(text: string, length: number): string {
  return text.length <= length ? text : `${text.slice(0, length).toWellFormed()}…`;
}
