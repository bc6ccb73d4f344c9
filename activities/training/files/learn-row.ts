import type { StudentBase } from '../../../schemas/student.ts';
import type { LearnableRow } from '../../tables/learnable-rows.ts';
import type { Rendered, TokenCounts } from '../../rendering/conversation.ts';
import { withModeTrigger } from '../../rendering/mode-trigger.ts';
import { renderConversation } from '../../rendering/render-conversation.ts';
import type { StudentTokenizer } from '../../rendering/student-tokenizer.ts';
import { type TextFault, textFaults } from '../../rendering/text-faults.ts';
import { conversationOfRow, type RowFault } from './conversation-of-row.ts';
import type { LearnedRow } from './profile.ts';

/** `escaped`: a text of others in it reads as a control token, and is shown escaped. */
export type Learned =
  | { ok: true; row: LearnedRow; escaped: boolean }
  | { ok: false; code: RowFault | (typeof faultCodes)[TextFault['reason']] }
  | { ok: false; code: 'over_long'; counts: TokenCounts };

export interface LearnOptions {
  tokenizer: StudentTokenizer;
  base: StudentBase;
  max_tokens: number;
}

/** What rows are left out for, in the words of the manifest. */
const faultCodes = {
  control_token: 'special_tokens',
  call_markup: 'call_markup',
  arguments: 'bad_arguments',
  lone_surrogate: 'lone_surrogate',
} as const satisfies Record<TextFault['reason'], string>;

/** A row of a release as the student learns it, with exact counts, or why it is left out. Nothing is ever cut. */
export function learnRow(row: LearnableRow, harness: string, { tokenizer, base, max_tokens }: LearnOptions): Learned {
  const reading = conversationOfRow(row);
  if (!reading.ok) return { ok: false, code: reading.fault };
  const { conversation } = reading;
  const faults = textFaults(base, conversation);
  const fatal = faults.find(({ fate }) => fate === 'dropped');
  if (fatal !== undefined) return { ok: false, code: faultCodes[fatal.reason] };
  const rendered = renderConversation(base, conversation);
  const counts = tokenizer.counts(rendered);
  if (counts.tokens > max_tokens) return { ok: false, code: 'over_long', counts };
  // Rendering adds the trigger by the same function; files carry it in their messages, since trainers know no modes.
  const messages = withModeTrigger(conversation.messages, conversation.mode);
  const { instance_id, trajectory_id, metadata } = row;
  return {
    ok: true,
    escaped: faults.length > 0,
    row: {
      instance_id,
      trajectory_id,
      harness,
      teacher: metadata.teacher_model.name,
      conversation: { ...conversation, messages },
      replies: repliesOf(rendered),
      counts,
    },
  };
}

const opening = '<|im_start|>assistant\n<think>\n';
const end = '<|im_end|>';

/** The text of each reply; the think tag belongs to it where the template has it in the prompt, untrained. */
function repliesOf({ text, trained }: Rendered): string[] {
  return trained.map(([from, to]) => {
    const prefilled = text.startsWith(opening, from - opening.length) ? '<think>\n' : '';
    return prefilled + text.slice(from, text.endsWith(end, to) ? to - end.length : to);
  });
}
