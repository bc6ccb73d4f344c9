import { z } from 'zod';
import { placedCalls } from '../calls.ts';
import { defineFilter, excerpt, fine, violation } from '../filter.ts';

/** Published rows carry no call ids: calls and observations must pair up by order alone. */
export const unpairedResults = defineFilter({
  id: 'unpaired_results',
  version: 1,
  asks: 'Every call is answered by exactly one observation, in the order of the calls.',
  parameters: z.strictObject({
    /** The call that ends the rollout may stay unanswered. */
    last_call_open: z.boolean().default(true),
  }),
  check({ trajectory: { messages } }, { last_call_open }) {
    const calls = placedCalls(messages);
    const open = calls.filter((call, index) => call.observation === null && !(last_call_open && index === calls.length - 1));
    const expected = messages.flatMap((message) => (message.role === 'assistant' ? (message.tool_calls ?? []).map((call) => call.id) : []));
    const given = messages.flatMap((message) => (message.role === 'tool' ? [message.tool_call_id] : []));
    const surplus = given.filter((id, index) => expected[index] !== id);
    if (open.length === 0 && surplus.length === 0) return fine('calls and observations pair up');
    return violation(`${open.length} calls without an observation, ${surplus.length} observations out of order`, [
      ...open.map((call) => ({ text: `unanswered: ${call.name} ${excerpt(call.arguments)}`, turn: call.turn, call: call.call })),
      ...surplus.map((id) => ({ text: `observation of ${id} is not where it belongs` })),
    ]);
  },
});
