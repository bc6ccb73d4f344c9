import { z } from 'zod';
import { defineFilter, fine, violation } from '../filter.ts';

/** Nothing was changed against the base commit. */
export const noPatch = defineFilter({
  id: 'no_patch',
  version: 2,
  asks: 'The repository was changed.',
  parameters: z.strictObject({}),
  needs: ['model_patch'],
  check({ trajectory: { model_patch } }) {
    return model_patch.trim() === '' ? violation('the rollout changed nothing') : fine(`a patch of ${model_patch.length} characters`);
  },
});
