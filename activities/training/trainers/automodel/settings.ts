import { z } from 'zod';
import { sharedSettings } from '../../trainer-settings.ts';

const size = z.int().min(1);

/** What NeMo AutoModel can be told. */
export const AutoModelSettings = z.strictObject({
  ...sharedSettings,
  /** GPUs that share one row: its tokens (context), its layers (pipeline), each layer's matrices (tensor). */
  context_parallel: size,
  pipeline_parallel: size,
  tensor_parallel: size,
  /** GPUs that share the experts of a layer. */
  expert_parallel: size,
  /** Computes activations again instead of keeping them. */
  activation_checkpointing: z.boolean(),
});
export type AutoModelSettings = z.output<typeof AutoModelSettings>;
