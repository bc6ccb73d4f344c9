import type { ScanReport } from '../../schemas/finding.ts';
import { ScanContext } from '../../schemas/scan-context.ts';
import type { ScanPreset } from '../../schemas/scan-preset.ts';
import type { TaskFacts } from '../../schemas/task.ts';
import type { Trajectory } from '../../schemas/trajectory.ts';
import { loadGrammars } from '../syntax/grammars.ts';
import { scanTrajectory } from './scan-trajectory.ts';

/**
 * Scans a row of a campaign with all that its task holds: base commit, gold and test patch, issue text. What a row of another tool
 * does not say is unknown, and so is whether it had a network.
 */
export async function scanForCampaign(trajectory: Trajectory, task: TaskFacts, preset: ScanPreset): Promise<ScanReport> {
  await loadGrammars();
  const context = ScanContext.parse({
    preset,
    base_commit: trajectory.base_commit || undefined,
    image_cleaned: trajectory.image_cleaned,
    network: trajectory.origin === undefined ? 'none' : undefined,
    repo: task.repo || undefined,
    instance_id: task.instance_id,
    gold_patch: task.patch || undefined,
    test_patch: task.test_patch || undefined,
    problem_statement: task.problem_statement || undefined,
  });
  const report = scanTrajectory({ id: trajectory.id, messages: trajectory.messages }, context);
  const { origin } = trajectory;
  return origin === undefined
    ? report
    : { ...report, place: origin.place, unread: [...report.unread, ...origin.unread], unparsed: report.unparsed + origin.unread.length };
}
