import { z } from 'zod';

/** Times as ISO 8601 in UTC. */
const time = z.iso.datetime();

/**
 * Why requests to a teacher wait. `teacher_unreachable`: no connection, no such name. `teacher_failing`: 5xx, silence or broken
 * answers, several in a row. `teacher_unauthorized`, `teacher_quota`, `teacher_model_missing`: it refuses the key, the account
 * has no credit, address or model is not known. `key_missing`: the worker does not have the key. `budget_spent`: the
 * campaign's budget does not allow another request.
 */
export const PauseCode = z.enum([
  'teacher_unreachable',
  'teacher_failing',
  'teacher_unauthorized',
  'teacher_quota',
  'teacher_model_missing',
  'key_missing',
  'budget_spent',
]);
export type PauseCode = z.infer<typeof PauseCode>;

/** What the gateway of a host holds back, and why. It goes on by itself once `code` no longer holds. */
export const GatewayPause = z.object({
  /** Name of the teacher in the campaign; null for all requests of the campaign, whose budget is spent. */
  teacher: z.string().nullable(),
  code: PauseCode,
  /** The latest error, in the server's words where it had any. */
  message: z.string(),
  /** What to do. */
  hint: z.string(),
  since: time,
  /** When the next request goes out to try; null where only people can change something. */
  next_try: time.nullable(),
});
export type GatewayPause = z.infer<typeof GatewayPause>;

/** A teacher that refuses every request for the moment (429, or a `Retry-After`): requests are repeated and nothing is paused. */
export const BusyTeacher = z.object({
  teacher: z.string(),
  /** The first refusal after the last reply. */
  since: time,
  /** The latest refusal, in the server's words where it had any. */
  message: z.string(),
  /** Requests that wait for their turn. */
  waiting: z.int().min(0),
});
export type BusyTeacher = z.infer<typeof BusyTeacher>;

/** All that a host holds back of one campaign: what its worker reports to the campaign's workflow. Empty when it goes on. */
export const HostPauses = z.object({ host: z.string(), pauses: z.array(GatewayPause) });
export type HostPauses = z.infer<typeof HostPauses>;

/** A host's latest report, as a campaign keeps it. `at`: workflow time of the report, in milliseconds since the epoch. */
export const HeldByHost = HostPauses.extend({ at: z.number() });
export type HeldByHost = z.infer<typeof HeldByHost>;
