import { datasetOf } from '../../../schemas/dataset-of.ts';
import type { DatasetRow, RowMessage } from '../../../schemas/dataset-row.ts';
import type { ScanReport } from '../../../schemas/finding.ts';
import type { Message } from '../../../schemas/message.ts';
import type { TaskFacts } from '../../../schemas/task.ts';
import type { Trajectory } from '../../../schemas/trajectory.ts';
import type { Verdict } from '../../../schemas/verdict.ts';
import { parsePatch } from '../../patches/patch.ts';
import { patchSize } from '../../patches/patch-size.ts';
import { categoryOf } from './category.ts';

/**
 * A trajectory as Open-SWE-Traces publishes rows: calls without ids, tools and arguments as JSON strings, absent
 * reasoning and calls as null. Lone surrogates become U+FFFD, since no Parquet reader gives them back.
 */
export function toRow(
  trajectory: Trajectory,
  task: TaskFacts,
  verdict: Pick<Verdict, 'resolved'>,
  scan: Pick<ScanReport, 'git_hack_attempted'>,
): DatasetRow {
  return {
    instance_id: task.instance_id,
    repo: task.repo,
    license: task.license ?? '',
    language: task.language,
    trajectory_id: trajectory.id,
    trajectory: trajectory.messages.map(toRowMessage),
    tools: trajectory.tools.map((tool) => JSON.stringify(tool).toWellFormed()),
    resolved: verdict.resolved,
    metadata: {
      category: categoryOf(task),
      reference_patch: patchStatistics(task.patch),
      model_patch: patchStatistics(trajectory.model_patch),
      teacher_model: {
        name: trajectory.teacher.model,
        enable_thinking: trajectory.key.mode === 'think',
        reasoning_effort: trajectory.teacher.reasoning_effort ?? null,
      },
      git_hack_attempted: scan.git_hack_attempted,
    },
    hf_dataset_name: datasetOf(task),
  };
}

function toRowMessage(message: Message): RowMessage {
  const assistant = message.role === 'assistant' ? message : undefined;
  return {
    role: message.role,
    content: message.content.toWellFormed(),
    reasoning_content: assistant?.reasoning_content?.toWellFormed() ?? null,
    tool_calls:
      assistant?.tool_calls?.map((call) => ({
        type: call.type,
        function: { name: call.function.name.toWellFormed(), arguments: call.function.arguments.toWellFormed() },
      })) ?? null,
  };
}

function patchStatistics(patch: string) {
  return { patch: patch.toWellFormed(), ...patchSize(parsePatch(patch)) };
}
