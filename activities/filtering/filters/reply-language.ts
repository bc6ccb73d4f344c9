import { z } from 'zod';
import { assistantMessages } from '../calls.ts';
import { defineFilter, excerpt, fine, violation } from '../filter.ts';

/** The agent fell into another script than that of the issue, as multilingual teachers sometimes do. */
export const replyLanguage = defineFilter({
  id: 'reply_language',
  version: 1,
  asks: 'Replies and reasoning are in the script of the issue or in Latin script.',
  parameters: z.strictObject({
    /** Largest share of a turn's letters in another script. */
    share: z.number().min(0).max(1).default(0.2),
    /** A turn with fewer letters is too short to judge. */
    letters: z.int().min(1).default(20),
  }),
  check({ trajectory, task }, { share, letters }) {
    const own = scriptsOf(prose(task.problem_statement));
    const strange = assistantMessages(trajectory.messages).flatMap((message, turn) => {
      const text = prose(`${message.reasoning_content ?? ''}\n${message.content}`);
      const counts = scriptsOf(text);
      const total = counts.reduce((sum, [, count]) => sum + count, 0);
      const foreign = counts.filter(([script]) => script !== 'Latin' && !isUsed(script, own, share));
      const worst = foreign.reduce((sum, [, count]) => sum + count, 0);
      if (total < letters || worst <= total * share) return [];
      return [{ text: `${foreign.map(([script]) => script).join(', ')}: ${excerpt(text, 120)}`, turn }];
    });
    if (strange.length === 0) return fine('every reply is in an expected script');
    return violation(`${strange.length} turns in another script`, strange);
  },
});

const lettersByScript: [string, RegExp][] = [
  ['Latin', /\p{Script=Latin}/gu],
  ['Han', /\p{Script=Han}/gu],
  ['Kana', /[\p{Script=Hiragana}\p{Script=Katakana}]/gu],
  ['Hangul', /\p{Script=Hangul}/gu],
  ['Cyrillic', /\p{Script=Cyrillic}/gu],
  ['Arabic', /\p{Script=Arabic}/gu],
  ['Devanagari', /\p{Script=Devanagari}/gu],
  ['Greek', /\p{Script=Greek}/gu],
  ['Hebrew', /\p{Script=Hebrew}/gu],
  ['Thai', /\p{Script=Thai}/gu],
];

type ScriptCounts = [script: string, letters: number][];

function scriptsOf(text: string): ScriptCounts {
  return lettersByScript
    .map(([script, letter]): [string, number] => [script, text.match(letter)?.length ?? 0])
    .filter(([, count]) => count > 0);
}

function isUsed(script: string, counts: ScriptCounts, share: number): boolean {
  const total = counts.reduce((sum, [, count]) => sum + count, 0);
  return counts.some(([name, count]) => name === script && count > total * share);
}

/** Code may hold any script in its strings. */
function prose(text: string): string {
  return text.replace(/```[\s\S]*?(```|$)/g, ' ').replace(/`[^`\n]*`/g, ' ');
}
