import { z } from 'zod';
import { HarnessName } from '../../../schemas/names.ts';
import { factOfEach } from '../../rollout/index.ts';
import { isUnknown } from '../../../schemas/row-origin.ts';
import { defineFilter, fine, notJudged, violation } from '../filter.ts';

/** More than one call in one reply. Decided on the raw reply, since a log may show its calls as separate turns. */
export const concurrentCalls = defineFilter({
  id: 'concurrent_calls',
  version: 2,
  asks: 'Each reply held one call at most, where the harness wants that.',
  parameters: z.strictObject({
    /** Harness → whether several calls in a reply are allowed. */
    allowed: z.record(HarnessName, z.boolean()).default(factOfEach(({ concurrentCalls }) => concurrentCalls)),
  }),
  check({ trajectory }, { allowed }) {
    if (allowed[trajectory.key.harness] === true) return fine('the harness allows several calls in a reply');
    const several = trajectory.turns.filter((turn) => turn.calls > 1);
    if (several.length === 0) return fine('no reply held more than one call');
    const isOthers = allowed[trajectory.key.harness] === undefined && trajectory.origin !== undefined;
    if (isOthers || isUnknown(trajectory.origin, 'harness')) return notJudged('harness', `${several.length} replies held several calls`);
    return violation(
      `${several.length} replies with more than one call`,
      several.map(({ turn, calls }) => ({ text: `${calls} calls in one reply`, turn })),
    );
  },
});
