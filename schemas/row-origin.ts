import { z } from 'zod';
import { Place } from './place.ts';

/** What filters ask for and a file of another tool may not say. */
export const Fact = z.enum([
  'task',
  'test_patch',
  'tools',
  'model_patch',
  'ending',
  'finish_reasons',
  'test_log',
  'replays',
  'harness',
  'tokens',
  'cost',
]);
export type Fact = z.infer<typeof Fact>;

/** The same, for people: "its file does not say …". */
export const factNames: Record<Fact, string> = {
  task: 'which task it works on',
  test_patch: "the task's test patch",
  tools: 'which tools it had',
  model_patch: 'the patch',
  ending: 'how it ended',
  finish_reasons: 'why each reply ended',
  test_log: 'what the tests printed',
  replays: 'whether a container was rebuilt',
  harness: 'which harness ran it',
  tokens: 'its tokens',
  cost: 'its cost',
};

/** Where the trajectory of another tool comes from, and what is not known of it. */
export const RowOrigin = z.object({
  /** As `--from` names it. */
  format: z.string(),
  place: Place,
  /** The file's own id of it, or one made of its place. */
  id: z.string(),
  /** Of what was read: the same trajectory read again, from wherever, has the same one. */
  sha256: z.string(),
  /** The file's own word for how it ended. */
  exit_status: z.string().nullable(),
  /** Facts that neither the file nor the one who had it judged says. */
  lacks: z.array(Fact),
});
export type RowOrigin = z.infer<typeof RowOrigin>;

/** As a trajectory keeps it: with why calls, results or replies are missing in its messages, one reason each. */
export const TrajectoryOrigin = RowOrigin.extend({ unread: z.array(z.string()) });
export type TrajectoryOrigin = z.infer<typeof TrajectoryOrigin>;

/** Whether a fact is unknown; never for a rollout of this home, which has no origin. */
export function isUnknown(origin: Pick<RowOrigin, 'lacks'> | undefined, fact: Fact): boolean {
  return origin?.lacks.includes(fact) === true;
}
