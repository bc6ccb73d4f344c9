import type { ActionResult } from '../../schemas/journal-entry.ts';
import type { SandboxLimits } from '../../schemas/campaign.ts';
import type { LeftOut } from '../../schemas/left-out.ts';

/** How long an action may wait, in milliseconds; null means that this limit is off. */
export interface Waiting {
  noChangeMs: number | null;
  timeMs: number | null;
}

/** A running command as later actions refer to it: the action that started it, and the output already shown. */
export interface RunningCommand {
  action: number;
  output_offset: number;
}

/** What a harness may ask of the persistent shell. */
export type ShellAction =
  /** Runs in the persistent shell. At the time limit the command is left running, or interrupted (SIGINT, then SIGKILL to its tree). */
  | { kind: 'command'; command: string; waiting: Waiting; atTimeLimit: 'leave' | 'interrupt' }
  /** Waits on for a command left running. */
  | { kind: 'wait'; running: RunningCommand; waiting: Waiting }
  /** Types text (a newline is added) into a command left running, then waits. */
  | { kind: 'input'; running: RunningCommand; text: string; waiting: Waiting }
  /** Presses a control key: `C-c` interrupts, `C-z` suspends, `C-d` ends the input; other letters are sent as control bytes. */
  | { kind: 'key'; running: RunningCommand; key: string; waiting: Waiting };

/** What the editor sees of a path. Content is bounded by {@link editorFileLimit}. */
export type FileState =
  | { kind: 'missing'; parentIsDirectory: boolean }
  | { kind: 'directory'; entries: { path: string; directory: boolean }[]; truncated: boolean }
  | { kind: 'file'; size: number; content: Buffer | null }
  | { kind: 'other' };

/** Files above this size (bytes) come with `content: null`. */
export const editorFileLimit = 10 * 1024 * 1024;

/** What a pure editor function decides after it saw the path. */
export interface EditDecision {
  /** New content of the path, or null to leave it. */
  write: Buffer | null;
  output: string;
  exit_code: number;
}

export interface EditRequest {
  path: string;
  /** Directory entries are listed to this depth, relative to `path`, hidden ones included. */
  listDepth: number;
  /** An earlier edit action whose previous content `decide` gets as `snapshot` (for undo). */
  snapshotOf: number | null;
  /** Pure: called again with the same state when the action was carried out but its result not journalled. */
  decide: (state: FileState, snapshot: Buffer | null) => EditDecision;
}

/** The change of a work tree, as far as it could be taken. */
export interface TakenPatch {
  /** As `git diff --binary` prints it, always valid UTF-8; empty when there is none. */
  patch: string;
  /** Absent when all of it was taken. */
  left_out?: LeftOut;
}

/**
 * One rollout's container with its persistent shell. Actions are numbered from 0 by the caller and carried
 * out at most once in a container: asking again for a number, also from another process, re-attaches to it and
 * gives the same result. Throws {@link SandboxGone} when the container or its engine is lost.
 */
export interface Sandbox {
  readonly containerId: string;
  /** Highest action begun in this container; -1 in a fresh one. */
  readonly lastAction: number;
  perform(action: number, request: ShellAction, signal: AbortSignal): Promise<ActionResult>;
  edit(action: number, request: EditRequest, signal: AbortSignal): Promise<ActionResult>;
  /** The change of the work tree against `baseCommit`. Interrupts a running command first. May be called again. */
  change(baseCommit: string, signal: AbortSignal): Promise<TakenPatch>;
  /** The patch of {@link change} alone. */
  patch(baseCommit: string, signal: AbortSignal): Promise<string>;
  /** Ends this process's use of the container and leaves it as it is, so that another process can attach. */
  detach(): Promise<void>;
  /** Removes the container. Idempotent. */
  remove(): Promise<void>;
}

export interface OpenSandbox {
  /** Names the container (deterministically) and labels it. */
  rolloutId: string;
  campaign: string;
  image: string;
  workdir: string;
  limits: SandboxLimits;
  signal: AbortSignal;
}

/** Attaches to the rollout's container when it lives, else makes a fresh one. */
export type OpenSandboxFn = (request: OpenSandbox) => Promise<{ sandbox: Sandbox; fresh: boolean }>;
