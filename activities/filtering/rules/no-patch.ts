import { z } from 'zod';
import { defineRule, fine, violation } from '../rule.ts';

/** Nothing was changed against the base commit. */
export const noPatch = defineRule({
  id: 'no_patch',
  version: 1,
  asks: 'The repository was changed.',
  parameters: z.strictObject({}),
  judge({ trajectory: { model_patch } }) {
    return model_patch.trim() === '' ? violation('the rollout changed nothing') : fine(`a patch of ${model_patch.length} characters`);
  },
});
