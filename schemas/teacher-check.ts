import { z } from 'zod';
import { Mode } from './names.ts';
import { ReasoningForm } from './reasoning-form.ts';
import { ReportedProblem } from './reported-problem.ts';

const count = z.int().min(0);

/** What a teacher was found to do in one mode, and what the questions cost. */
export const TeacherCheck = z.object({
  /** Its name in the campaign. */
  teacher: z.string(),
  model: z.string(),
  mode: Mode,
  passed: z.array(z.string()),
  /** What could not be told, with the reason. */
  unchecked: z.array(z.string()),
  /** How the server sent its reasoning; null where it sent none. */
  reasoning_form: ReasoningForm.nullable(),
  /** The first thing that is wrong; null when nothing is. */
  problem: ReportedProblem.nullable(),
  /** Requests that asked for an answer, failed ones too. */
  requests: count,
  prompt_tokens: count,
  completion_tokens: count,
  /** In US dollars by the prices of the teacher's profile. */
  cost_usd: z.number().min(0),
});
export type TeacherCheck = z.infer<typeof TeacherCheck>;

/**
 * Whether the teachers of a campaign are asked before it begins. `always`: whatever is wrong refuses the campaign. `unless_down`:
 * a teacher that is down, or refuses its key, does not; the campaign waits for it. `never`: they are not asked.
 */
export const TeacherCheckWish = z.enum(['always', 'unless_down', 'never']);
export type TeacherCheckWish = z.infer<typeof TeacherCheckWish>;
