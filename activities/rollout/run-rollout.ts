import type { LeftOut } from '../../schemas/left-out.ts';
import { Problem } from '../../schemas/problem.ts';
import { rolloutId } from '../../schemas/rollout-id.ts';
import type { Trajectory } from '../../schemas/trajectory.ts';
import { trajectoryId } from '../../schemas/trajectory-id.ts';
import type { Journal } from '../journal/journal.ts';
import { beginJournal, rolloutChanged } from './begin-journal.ts';
import { JournalledHands } from './journalled-hands.ts';
import { LastingSandbox } from './lasting-sandbox.ts';
import type { TakenPatch } from '../sandbox/index.ts';
import type { RolloutRequest } from './rollout-request.ts';

/**
 * Runs one rollout to its end, or continues one from its journal: what the journal holds is neither asked nor done
 * again. Whatever a model does is an ending of the trajectory. What is thrown is infrastructure (`Problem`, `SandboxGone`),
 * the signal's reason, or `Problem` rollout_changed where the journal belongs to another version of the harness or to other
 * settings; the journal is left as it was.
 * The container is removed after its patch is in the journal; an attempt that finds the patch there opens none, and
 * the caller removes what an earlier one left.
 */
export async function runRollout(request: RolloutRequest): Promise<Trajectory> {
  const { key, task, journal, signal, image } = request;
  await beginJournal(request);
  const sandbox = new LastingSandbox({
    journal,
    signal,
    open: () =>
      request.openSandbox({
        rolloutId: rolloutId(key),
        campaign: key.campaign,
        image: image.id,
        workdir: image.workdir,
        limits: request.limits,
        signal,
      }),
  });
  // The container starts while the model thinks about its first turn.
  if (journal.patch === undefined) sandbox.start();
  try {
    const { harness, settings } = request.harness;
    const played = await harness.drive({
      assignment: {
        instance_id: task.instance_id,
        repo: task.repo,
        problem_statement: task.problem_statement,
        base_commit: task.base_commit,
        workdir: image.workdir,
      },
      settings,
      templates: request.templates,
      session: request.session,
      hands: new JournalledHands(journal, sandbox, rolloutId(key)),
      journal,
      signal,
      onProgress: request.onProgress ?? (() => undefined),
    });
    const { patch, left_out } = await finalPatch(journal, sandbox, task.base_commit);
    await sandbox.remove();
    const longest_context = longestContext(journal);
    return {
      id: trajectoryId(key),
      key,
      repo: task.repo,
      base_commit: task.base_commit,
      teacher: teacherOf(request.teacher),
      tools: played.tools,
      messages: played.messages,
      turns: played.turns,
      ...played.close(patch),
      ...(left_out !== undefined && { left_out }),
      usage: played.usage,
      ...(longest_context !== undefined && { longest_context }),
      cost_usd: played.cost_usd,
      image_cleaned: image.cleaned,
      replay_divergences: [...new Set(journal.notes.filter((note) => note.event === 'replay_diverged').map((note) => note.detail))],
    };
  } catch (error) {
    await sandbox.detach();
    throw hasDiverged(error) ? rolloutChanged(request, error.message, error) : error;
  }
}

/** A request or an action that is not the one journalled: the code changed although its version did not. */
function hasDiverged(error: unknown): error is Problem {
  return error instanceof Problem && (error.code === 'request_diverged' || error.code === 'journal_diverged');
}

/** `sampling` is sent as it stands, so what it says of the effort is what the server was told. */
function teacherOf({ name, profile }: RolloutRequest['teacher']): Trajectory['teacher'] {
  const { reasoning_effort } = profile.sampling;
  return { name, model: profile.model, ...(reasoning_effort !== undefined && { reasoning_effort: String(reasoning_effort) }) };
}

function longestContext(journal: Journal): number | undefined {
  let longest: number | undefined;
  for (let number = 0; ; number += 1) {
    const usage = journal.exchange(number)?.usage;
    if (usage === undefined) return longest;
    if (usage.estimated !== true) longest = Math.max(longest ?? 0, usage.prompt_tokens + usage.completion_tokens);
  }
}

async function finalPatch(journal: Journal, sandbox: LastingSandbox, baseCommit: string): Promise<TakenPatch> {
  if (journal.patch !== undefined) return takenPatch(journal.patch.model_patch, journal.patch.left_out);
  const { patch, left_out } = await sandbox.change(baseCommit).catch(async (error: unknown) => {
    if (!(error instanceof Problem) || error.code !== 'patch_too_large') throw error;
    // The agent caused what it left behind: such a rollout has no patch, however often it is tried.
    await journal.note('patch_refused', error.message);
    return takenPatch('', { count: 1, files: [{ path: '.', reason: 'too_large' }] });
  });
  await journal.append({ type: 'patch', at: Date.now(), model_patch: patch, ...(left_out !== undefined && { left_out }) });
  return takenPatch(patch, left_out);
}

function takenPatch(patch: string, left_out: LeftOut | undefined): TakenPatch {
  return { patch, ...(left_out !== undefined && { left_out }) };
}
