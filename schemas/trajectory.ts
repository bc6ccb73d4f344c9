import { z } from 'zod';
import { LeftOut } from './left-out.ts';
import { Message, ToolDefinition } from './message.ts';
import { CommitHash, RolloutKey } from './names.ts';
import { TrajectoryOrigin } from './row-origin.ts';
import { Usage } from './turn.ts';

/** How a rollout ended. */
export const Ending = z.object({
  /** The class that filters use. */
  kind: z.enum([
    'finished',
    'gave_up',
    'turn_limit',
    'cost_limit',
    'time_limit',
    'context_full',
    'stuck',
    'format_errors',
    'exited',
    'model_refused',
  ]),
  /** The harness's word for it, in upstream's spelling. */
  status: z.string(),
  detail: z.string(),
});
export type Ending = z.infer<typeof Ending>;

/** What filters need to know of a turn beyond its messages. */
export const TurnFacts = z.object({
  turn: z.int().min(0),
  /** Calls in the raw reply, before the harness allowed or refused them. */
  calls: z.int().min(0),
  /** The harness's code for each call or reply it could not execute, e.g. `invalid_json`, `unknown_tool`, `multiple`. */
  errors: z.array(z.string()),
  finish_reason: z.string(),
});
export type TurnFacts = z.infer<typeof TurnFacts>;

/** A finished rollout in the one format that every harness yields. */
export const Trajectory = z.object({
  id: z.uuid(),
  key: RolloutKey,
  repo: z.string(),
  /** Empty where the file of another tool does not say. */
  base_commit: CommitHash.or(z.literal('')),
  /** Name of the teacher profile, the model name sent to its server, and how hard it was told to think where that was said. */
  teacher: z.object({ name: z.string(), model: z.string(), reasoning_effort: z.string().optional() }),
  tools: z.array(ToolDefinition),
  messages: z.array(Message),
  turns: z.array(TurnFacts),
  ending: Ending,
  /** The change against the base commit, as `git diff --binary` prints it; empty when there is none. */
  model_patch: z.string(),
  /** Files of the change that the patch could not take; absent when it has all of them. */
  left_out: LeftOut.optional(),
  usage: Usage,
  /** Prompt and reply of its largest request, in tokens; absent where the server did not count them. */
  longest_context: z.int().min(0).optional(),
  cost_usd: z.number().min(0),
  /** Whether history was removed from the image that the agent saw. */
  image_cleaned: z.boolean(),
  /** Actions whose result differed when a lost container was rebuilt; empty on an undisturbed run. */
  replay_divergences: z.array(z.string()),
  /** Absent for a rollout of this home. */
  origin: TrajectoryOrigin.optional(),
});
export type Trajectory = z.infer<typeof Trajectory>;
