import { factsOf, jsonLines } from '../profile.ts';

/** Chat messages with arguments as JSON strings, tools as a list, and no key that is null: NeMo AutoModel refuses nulls. */
export const automodel = jsonLines('NeMo AutoModel: arguments as JSON strings, no nulls', (row) => {
  const { messages, tools } = row.conversation;
  return JSON.stringify({ messages, tools, ...factsOf(row) });
});
