import { Problem } from '../../schemas/problem.ts';
import { rolloutId } from '../../schemas/rollout-id.ts';
import type { RolloutRequest } from './rollout-request.ts';
import { settingsHash } from './settings-hash.ts';

type Beginning = Pick<RolloutRequest, 'key' | 'task' | 'harness' | 'teacher' | 'templates' | 'journal' | 'version' | 'restarted'>;

/**
 * Starts the journal, or makes sure that it is that of this rollout as this version and these settings make it. Throws
 * `Problem` journal_diverged where it is another rollout's, rollout_changed where requests may differ; neither writes to it.
 */
export async function beginJournal(request: Beginning): Promise<void> {
  const { key, task, harness, teacher, templates, journal, version, restarted } = request;
  const settings_sha256 = settingsHash(harness, templates, teacher.profile);
  const harness_version = harness.harness.version;
  const { begin } = journal;
  if (begin === undefined) {
    const { base_commit } = task;
    await journal.append({ type: 'begin', at: Date.now(), key, base_commit, settings_sha256, tracemill: version, harness_version });
    if (restarted !== undefined) await journal.note('restarted', restarted);
    return;
  }
  if (rolloutId(begin.key) !== rolloutId(key) || begin.base_commit !== task.base_commit) {
    const what = `${rolloutId(begin.key)} from commit ${begin.base_commit}`;
    throw new Problem('journal_diverged', `${rolloutId(key)}: the journal ${journal.path} is that of ${what}`, {
      hint: 'a task or a file was exchanged; start a campaign under another name',
    });
  }
  if (begin.harness_version !== harness_version) throw rolloutChanged(request, 'its requests may differ');
  if (begin.settings_sha256 !== settings_sha256) throw rolloutChanged(request, 'settings, templates or teacher are others now');
  const { exchanges, observations } = journal.progress;
  await journal.note('resumed', `by ${version} with ${exchanges} exchanges and ${observations} observations`);
}

/** The refusal of a rollout that would not go on as it was begun: names the version that began it, the one that runs, and the way out. */
export function rolloutChanged(
  { key, harness: { harness }, journal: { begin }, version }: Beginning,
  what: string,
  cause?: unknown,
): Problem {
  const then = `Tracemill ${begin?.tracemill ?? version} with version ${begin?.harness_version ?? harness.version} of ${harness.name}`;
  const now = `Tracemill ${version} with version ${harness.version}`;
  return new Problem('rollout_changed', `${rolloutId(key)} was begun by ${then}, this is ${now}: ${what}`, {
    hint: 'go on with the version, settings and templates it was begun with, or set `rollout: { on_change: restart }` in the campaign file and start the campaign again: unfinished rollouts then begin anew, and their turns are paid anew',
    cause,
  });
}
