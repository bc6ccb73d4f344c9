import type { ScanReport } from '../../schemas/finding.ts';
import type { Loss } from '../../schemas/ingested.ts';
import { ScanContext } from '../../schemas/scan-context.ts';
import type { ScanPreset } from '../../schemas/scan-preset.ts';
import type { Task } from '../../schemas/task.ts';
import type { Trajectory } from '../../schemas/trajectory.ts';
import { loadGrammars } from '../syntax/grammars.ts';
import { scanTrajectory } from './scan-trajectory.ts';

/**
 * Scans a rollout of a campaign with all that its task holds: base commit, gold and test patch, issue text. `lost`: what the messages
 * of a trajectory lack that another tool recorded.
 */
export async function scanForCampaign(
  trajectory: Trajectory,
  task: Task,
  preset: ScanPreset,
  lost: readonly Loss[] = [],
): Promise<ScanReport> {
  await loadGrammars();
  const context = ScanContext.parse({
    preset,
    base_commit: trajectory.base_commit,
    image_cleaned: trajectory.image_cleaned,
    network: 'none',
    repo: task.repo,
    instance_id: task.instance_id,
    gold_patch: task.patch,
    test_patch: task.test_patch,
    problem_statement: task.problem_statement,
  });
  return scanTrajectory({ id: trajectory.id, messages: trajectory.messages, lost }, context);
}
