import type { ActionResult } from '../../schemas/journal-entry.ts';
import { type EditRequest, plainOutput, type Sandbox, type ShellAction, type Waiting } from '../sandbox/index.ts';

/** An action as the sandbox is asked for it. */
export type SandboxAction = { kind: 'shell'; request: ShellAction } | { kind: 'edit'; request: EditRequest };

export function carryOut(sandbox: Sandbox, number: number, action: SandboxAction, signal: AbortSignal): Promise<ActionResult> {
  return action.kind === 'shell' ? sandbox.perform(number, action.request, signal) : sandbox.edit(number, action.request, signal);
}

/** A command that a limit stopped waiting for gets at least this long in a replay, even if its output is all there. */
const settleMs = 5000;

/**
 * Carries out a recorded action in a fresh container. Where a limit ended the waiting the first time, the same wait
 * again would take hours over a rollout: it waits until as much output is there as was seen then, and a little longer,
 * but never longer than the first time.
 */
export async function replay(
  sandbox: Sandbox,
  number: number,
  action: SandboxAction,
  recorded: ActionResult,
  signal: AbortSignal,
): Promise<ActionResult> {
  if (action.kind === 'edit' || recorded.limit === null) return carryOut(sandbox, number, action, signal);
  const { request } = action;
  const deadline = recorded.duration_ms;
  const settlingMs = Math.min(settleMs, deadline);
  let waited = 0;
  for (let step = 100; ; step *= 2) {
    const timeMs = Math.max(0, Math.min(waited < settlingMs ? settlingMs : step, deadline - waited));
    const latest = await sandbox.perform(number, waitingOnly(request, { noChangeMs: null, timeMs }), signal);
    waited += timeMs;
    const caughtUp = latest.status !== 'running' || latest.output_offset >= recorded.output_offset || waited >= deadline;
    if (!caughtUp) continue;
    if (latest.status === 'running' && request.kind === 'command' && request.atTimeLimit === 'interrupt') {
      return sandbox.perform(number, { ...request, waiting: { noChangeMs: null, timeMs: 0 } }, signal);
    }
    return latest.status === 'running' ? { ...latest, limit: recorded.limit } : latest;
  }
}

function waitingOnly(request: ShellAction, waiting: Waiting): ShellAction {
  return request.kind === 'command' ? { ...request, waiting, atTimeLimit: 'leave' } : { ...request, waiting };
}

/**
 * What differs between the recorded result of an action and that of its replay, for people; null when nothing does.
 * Clock times, durations and memory addresses differ from run to run and are masked; nothing else is.
 */
export function divergence(recorded: ActionResult, replayed: ActionResult): string | null {
  if (recorded.status !== replayed.status) return `status ${recorded.status}, now ${replayed.status}`;
  if (recorded.exit_code !== replayed.exit_code) return `exit code ${recorded.exit_code}, now ${replayed.exit_code}`;
  if (recorded.cwd !== replayed.cwd) return `working directory ${recorded.cwd}, now ${replayed.cwd}`;
  // Journals of earlier versions hold outputs as they were written.
  const before = maskVolatile(plainOutput(recorded.output));
  const after = maskVolatile(replayed.output);
  // How far a command got before the waiting ended depends on speed.
  const partial = recorded.limit !== null;
  if (before === after || (partial && (before.startsWith(after) || after.startsWith(before)))) return null;
  const oldLines = before.split('\n');
  const newLines = after.split('\n');
  const line = oldLines.findIndex((text, index) => text !== newLines[index]);
  const at = line === -1 ? oldLines.length : line;
  return `output line ${at + 1}: ${excerpt(oldLines[at])}, now ${excerpt(newLines[at])}`;
}

/** Replaces what two runs of the same command print differently: dates, clock times, durations, addresses. */
export function maskVolatile(text: string): string {
  return text
    .replace(/\b\d{4}-\d\d-\d\d(?:[T ]\d\d:\d\d(?::\d\d)?(?:[.,]\d+)?(?:Z| ?[+-]\d\d:?\d\d)?)?/g, '<date>')
    .replace(/\b(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec) +\d{1,2} +(?:\d\d:\d\d(?::\d\d)?|\d{4})\b/g, '<date>')
    .replace(/(?<![:\w.])\d{1,2}:\d\d:\d\d(?:[.,]\d+)?(?![:\w])/g, '<time>')
    .replace(/\b\d+(?:[.,]\d+)?(?:e-?\d+)? ?(?:ns|µs|μs|us|ms|s|sec|secs|seconds?|minutes?|min|m\d+(?:[.,]\d+)?s)\b/g, '<duration>')
    .replace(/\b0x[0-9a-fA-F]{6,}\b/g, '<address>');
}

function excerpt(line: string | undefined): string {
  return line === undefined ? 'nothing' : JSON.stringify(line.length > 120 ? `${line.slice(0, 120)}…` : line);
}
