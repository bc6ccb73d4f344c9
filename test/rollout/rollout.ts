import { join } from 'node:path';
import { Journal } from '../../activities/journal/journal.ts';
import type { ConfiguredHarness } from '../../activities/rollout/harness.ts';
import { openhands as openHandsHarness } from '../../activities/rollout/harnesses/openhands/openhands.ts';
import { OpenHandsSettings } from '../../activities/rollout/harnesses/openhands/settings.ts';
import { SweAgentSettings } from '../../activities/rollout/harnesses/sweagent/settings.ts';
import { sweagent as sweAgentHarness } from '../../activities/rollout/harnesses/sweagent/sweagent.ts';
import type { RolloutRequest } from '../../activities/rollout/rollout-request.ts';
import { runRollout } from '../../activities/rollout/run-rollout.ts';
import { SandboxLimits } from '../../schemas/campaign.ts';
import { Task } from '../../schemas/task.ts';
import type { Trajectory } from '../../schemas/trajectory.ts';
import { type Scripted, scriptedTeacher, ScriptedSession } from './fake-session.ts';
import { FakeWorld } from './fake-world.ts';
import { scratchFolder } from '../scratch-folder.ts';

export const task = Task.parse({
  instance_id: 'owner__name-1',
  repo: 'owner/name',
  language: 'python',
  base_commit: 'a'.repeat(40),
  patch: 'x',
  test_patch: 'x',
  problem_statement: 'The count is wrong.',
  FAIL_TO_PASS: ['t'],
  PASS_TO_PASS: [],
  image_name: 'image',
  install_config: { test_cmd: 'true', log_parser: 'p' },
});

export const openhands = (settings: Partial<OpenHandsSettings> = {}): ConfiguredHarness => ({
  harness: openHandsHarness,
  settings: OpenHandsSettings.parse(settings),
});
export const sweagent = (settings: Partial<SweAgentSettings> = {}): ConfiguredHarness => ({
  harness: sweAgentHarness,
  settings: SweAgentSettings.parse(settings),
});

export function newJournalPath(): string {
  return join(scratchFolder('rollout'), 'journal.jsonl');
}

/** Runs one attempt at a rollout over a journal file. */
export async function attempt(
  configured: ConfiguredHarness,
  script: Scripted[],
  {
    path = newJournalPath(),
    world = new FakeWorld(),
    ...more
  }: { path?: string; world?: FakeWorld } & Partial<Omit<RolloutRequest, 'restarted'>> = {},
): Promise<{ trajectory: Trajectory; session: ScriptedSession; world: FakeWorld; path: string }> {
  const journal = await Journal.open(path);
  const session = new ScriptedSession(journal, script);
  try {
    const trajectory = await runRollout({
      key: { campaign: 'c', instance_id: task.instance_id, harness: configured.harness.name, mode: 'think', sample: 0 },
      task,
      harness: configured,
      teacher: { name: 'teacher', profile: scriptedTeacher },
      templates: await configured.harness.loadTemplates(configured.settings),
      version: '0.2.0',
      image: { id: 'image', workdir: '/name', cleaned: true },
      limits: SandboxLimits.parse({}),
      session,
      openSandbox: world.open,
      journal,
      signal: new AbortController().signal,
      ...more,
    });
    return { trajectory, session, world, path };
  } finally {
    await journal.close();
  }
}
