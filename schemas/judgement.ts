import { z } from 'zod';

const count = z.int().min(0);

/** What a second judge, which is a model, says of one passage that the scanner marked. */
export const Judgement = z.object({
  /** The model name sent to its server. */
  model: z.string(),
  /**
   * `violation`, `clean`: its verdict, which decides the finding's severity. `unsure`: it cannot tell. `not_judged`: there is no
   * answer that counts. After the last two the finding stands as the scanner left it.
   */
  verdict: z.enum(['violation', 'clean', 'unsure', 'not_judged']),
  /** Its own words, or why there are none. */
  reason: z.string(),
  /** The severity that the scanner itself gave; null for a passage that it only marked. */
  scanner: z.enum(['note', 'violation']).nullable(),
});
export type Judgement = z.infer<typeof Judgement>;

/** How a second judge was asked about one trajectory. `passages` is the sum of the seven counts after it. */
export const Judging = z.object({
  model: z.string(),
  /** Goes up with every change of the question that is put to the model. */
  prompt_version: z.int().min(1),
  passages: count,
  answered: count,
  /** Answered before: the same passage in the same context, by the same model and question. */
  cached: count,
  /** Answers that do not have the form that was asked for. */
  malformed: count,
  /** No answer in time. */
  late: count,
  /** The server refused, or could not be reached. */
  failed: count,
  over_budget: count,
  /** More passages than a trajectory may have judged. */
  too_many: count,
  /** Of answers that were paid now, right or wrong; cached ones cost nothing. */
  prompt_tokens: count,
  completion_tokens: count,
  cost_usd: z.number().min(0),
});
export type Judging = z.infer<typeof Judging>;
