import type { ScanReport } from '../../schemas/finding.ts';
import type { TrajectoryOrigin } from '../../schemas/row-origin.ts';
import { ScanContext } from '../../schemas/scan-context.ts';
import type { ScanPreset } from '../../schemas/scan-preset.ts';
import type { TaskFacts } from '../../schemas/task.ts';
import type { Trajectory } from '../../schemas/trajectory.ts';
import { loadGrammars } from '../syntax/grammars.ts';
import { scanTrajectory } from './scan-trajectory.ts';
import { passagesOf } from './second-judge/passages.ts';
import type { SecondJudge } from './second-judge/second-judge.ts';

/**
 * Scans a row of a campaign with all that its task holds: base commit, gold and test patch, issue text. What a row of another tool
 * does not say is unknown, and so is whether it had a network. A second judge then decides on what was marked.
 */
export async function scanForCampaign(
  trajectory: Trajectory,
  task: TaskFacts,
  preset: ScanPreset,
  second?: { judge: SecondJudge; signal: AbortSignal },
): Promise<ScanReport> {
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
  const found = scanTrajectory({ id: trajectory.id, messages: trajectory.messages }, context);
  const report = trajectory.origin === undefined ? found : withOrigin(found, trajectory.origin);
  if (second === undefined) return report;
  const passages = passagesOf(trajectory.messages, report.findings, context, second.judge.terms.categories);
  return await second.judge.review(report, passages, second.signal);
}

function withOrigin(report: ScanReport, { place, unread }: TrajectoryOrigin): ScanReport {
  return { ...report, place, unread: [...report.unread, ...unread], unparsed: report.unparsed + unread.length };
}
