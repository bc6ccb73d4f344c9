import { z } from 'zod';
import { HarnessName } from '../../../schemas/names.ts';
import { factOfEach } from '../../rollout/index.ts';
import { assistantMessages } from '../calls.ts';
import { isUnknown } from '../../../schemas/row-origin.ts';
import { defineFilter, excerpt, fine, notJudged, violation } from '../filter.ts';

/** Endings that have a filter of their own. */
const endingsOfOtherFilters = ['turn_limit', 'cost_limit', 'time_limit', 'context_full', 'stuck'];

/** The rollout ended without the harness's own last call. */
export const earlyTermination = defineFilter({
  id: 'early_termination',
  version: 2,
  asks: 'The agent itself said that it was done, by the last call its harness offers.',
  parameters: z.strictObject({
    /** Harness → the tool that ends a rollout. */
    last_call: z.record(HarnessName, z.string()).default(factOfEach(({ lastCall }) => lastCall)),
  }),
  check({ trajectory }, { last_call }) {
    const { ending, messages, key } = trajectory;
    if (endingsOfOtherFilters.includes(ending.kind)) return fine(`ended as ${ending.kind}, which has a rule of its own`);
    const replies = assistantMessages(messages);
    const turn = Math.max(replies.length - 1, 0);
    if (ending.kind !== 'finished') {
      return violation(`ended as ${ending.kind}`, [{ text: excerpt(`${ending.status}: ${ending.detail}`), turn }]);
    }
    const expected = last_call[key.harness];
    if (expected === undefined && isUnknown(trajectory.origin, 'ending')) return notJudged('ending');
    if (expected === undefined) return fine(`nobody says what the last call of ${key.harness} is`);
    const calls = replies.at(-1)?.tool_calls ?? [];
    if (calls.some((call) => call.function.name === expected)) return fine(`ended by ${expected}`);
    return violation(`the last reply does not call ${expected}`, [{ text: excerpt(replies.at(-1)?.content ?? ''), turn }]);
  },
});
