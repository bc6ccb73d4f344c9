import type { StudentBase } from '../../schemas/student.ts';
import type { Conversation, TokenCounts } from './conversation.ts';
import { renderConversation } from './render-conversation.ts';
import type { StudentTokenizer } from './student-tokenizer.ts';

/** Tokens of a conversation as a base reads it, and those of them that it is trained on. Throws as `renderConversation`. */
export function countTokens(tokenizer: StudentTokenizer, base: StudentBase, conversation: Conversation): TokenCounts {
  return tokenizer.counts(renderConversation(base, conversation));
}
