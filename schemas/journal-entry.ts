import { z } from 'zod';
import { ArtifactRef } from './artifact-ref.ts';
import { LeftOut } from './left-out.ts';
import { CommitHash, RolloutKey } from './names.ts';
import { Exchange } from './turn.ts';

/** When an entry was written: milliseconds since the epoch. Never part of a release. */
const at = z.int();

const Begin = z.object({
  type: z.literal('begin'),
  at,
  key: RolloutKey,
  base_commit: CommitHash,
  /** sha256 of harness settings, teacher profile and templates: a rollout is not continued under other ones. */
  settings_sha256: z.string(),
  /** Version of Tracemill that began it; it was not written down up to 0.1.0. */
  tracemill: z.string().default('0.1.0'),
  /** Version of the harness: a rollout is not continued by another one. */
  harness_version: z.int().min(1).default(1),
});

/** A model exchange; `request_sha256` is of the request's body, so that a changed prompt is noticed on resume. */
const ExchangeEntry = Exchange.extend({
  type: z.literal('exchange'),
  at,
  /** Counts every paid request of the rollout from 0, requeries included. */
  exchange: z.int().min(0),
  /** The turn of the harness it belongs to, from 0. */
  turn: z.int().min(0),
  request_sha256: z.string(),
});

/** How an action in the sandbox ended, for the harness to put into words. */
export const ActionResult = z.object({
  /**
   * `exited`: the command ended by itself. `running`: it goes on in the background of the shell (soft or hard limit).
   * `shell_exited`: the command ended the shell itself, a new one was opened. `killed`: ended from outside.
   * `refused`: nothing ran, `output` says why.
   */
  status: z.enum(['exited', 'running', 'shell_exited', 'killed', 'refused']),
  /** Null unless the command ended. */
  exit_code: z.int().nullable(),
  /** Output not shown by an earlier action, stdout and stderr in the order they came; invalid UTF-8 replaced. */
  output: z.string(),
  /** Bytes of output consumed so far for this command, so that a later action shows only what is new. */
  output_offset: z.int().min(0),
  /** True when the output reached its limit; the command itself was not held up. */
  truncated: z.boolean(),
  /** Working directory after the action; null when unknown (command still running). */
  cwd: z.string().nullable(),
  /** Milliseconds that the action waited. */
  duration_ms: z.number().min(0),
  /** What a limit stopped waiting for: no new output, or the time itself. */
  limit: z.enum(['no_change', 'time']).nullable(),
});
export type ActionResult = z.infer<typeof ActionResult>;

/** The result of one action, so that it is never carried out a second time. */
const Observation = z.object({
  type: z.literal('observation'),
  at,
  /** Counts every action of the rollout from 0: the id under which the sandbox knows it. */
  action: z.int().min(0),
  turn: z.int().min(0),
  /** sha256 of what was asked, so that a changed harness is noticed on resume. */
  action_sha256: z.string(),
  result: ActionResult,
});

/** The model refused for good: asking again after a crash would only pay for the same answer. */
const ModelEnded = z.object({
  type: z.literal('model_ended'),
  at,
  exchange: z.int().min(0),
  /** `budget`: the campaign's tokens or money are used up. */
  kind: z.enum(['context_full', 'model_refused']),
  detail: z.string(),
});

/** The rollout's change against the base commit, taken when it ended: from here on the container is not needed. */
const PatchEntry = z.object({
  type: z.literal('patch'),
  at,
  model_patch: z.string(),
  /** What could not be taken; absent when nothing was lost. */
  left_out: LeftOut.optional(),
});

/** The finished rollout as it lies in the store: from here on not even the journal is needed. */
const TrajectoryEntry = z.object({ type: z.literal('trajectory'), at, trajectory: ArtifactRef });

/** Something that happened around the rollout rather than in it. */
const Note = z.object({
  type: z.literal('note'),
  at,
  event: z.enum([
    'resumed',
    'container_created',
    'container_replaced',
    'replay_diverged',
    'model_retry',
    'journal_cut',
    'patch_refused',
    'restarted',
  ]),
  detail: z.string(),
});

/** One line of a rollout's journal. */
export const JournalEntry = z.discriminatedUnion('type', [
  Begin,
  ExchangeEntry,
  Observation,
  ModelEnded,
  PatchEntry,
  TrajectoryEntry,
  Note,
]);
export type JournalEntry = z.infer<typeof JournalEntry>;
export type JournalEntryOf<T extends JournalEntry['type']> = Extract<JournalEntry, { type: T }>;
