import { z } from 'zod';
import { TeacherQuirk } from './teacher-quirk.ts';

/** One line of the scripted teacher's log: a request as it came, and what became of it. */
export const TeacherLogEntry = z.object({
  at: z.int(),
  event: z.enum(['asked', 'answered', 'misbehaved', 'aborted', 'refused']),
  /** Counts the requests of this server process from 0. */
  request: z.int().min(0),
  /** The `Idempotency-Key` header: rollout id and exchange. */
  key: z.string().nullable(),
  attempt: z.int().min(1),
  model: z.string(),
  script: z.string().nullable(),
  /** The script's turn, from 0, and how many assistant messages the request held. */
  turn: z.int().min(0),
  assistant_messages: z.int().min(0),
  /** Of the request body. */
  request_sha256: z.string(),
  /** HTTP status; absent when the request came or was given up. */
  status: z.int().optional(),
  misbehaviour: z.string().optional(),
  quirks: z.array(TeacherQuirk).optional(),
  /** Of a whole answer: its calls as they were meant, as {@link callsSha256} of the scripted teacher takes them. */
  calls: z.int().min(0).optional(),
  calls_sha256: z.string().optional(),
  prompt_tokens: z.int().optional(),
  completion_tokens: z.int().optional(),
});
export type TeacherLogEntry = z.infer<typeof TeacherLogEntry>;
