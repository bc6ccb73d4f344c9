import type { IngestedRow, RecordedIngested } from '../activities/filtering/index.ts';
import type { TrajectoryInput } from '../activities/ingestion/index.ts';
import type { FilterPresetName } from '../schemas/filter-preset.ts';
import type { IngestedFormat } from '../schemas/ingested.ts';
import { placeText } from '../schemas/place.ts';
import type { Task } from '../schemas/task.ts';
import { note } from './output.ts';
import { withRecords } from './records.ts';
import { table } from './table.ts';

export interface IngestedCampaign extends RecordedIngested {
  campaign: string;
  tasks: number;
  /** Trajectories and tasks that were left out, each with its place and why. */
  left_out: { place: string; problem: string }[];
}

/** Reads trajectories and the tasks that they worked on, and puts both on record as a campaign. */
export async function recordFrom(
  inputs: readonly TrajectoryInput[],
  {
    campaign,
    tasks: taskInputs,
    preset,
    from,
  }: { campaign: string; tasks: readonly string[]; preset: FilterPresetName; from?: IngestedFormat },
): Promise<IngestedCampaign> {
  const [{ recordIngested }, { readTrajectories }] = await Promise.all([
    import('../activities/filtering/index.ts'),
    import('../activities/ingestion/index.ts'),
  ]);
  const left_out: IngestedCampaign['left_out'] = [];
  const tasks = await tasksOf(taskInputs, left_out);
  let read = 0;
  async function* rows(): AsyncGenerator<IngestedRow> {
    for (const input of inputs) {
      for await (const reading of readTrajectories(input, from === undefined ? {} : { from })) {
        if (!reading.ok) {
          left_out.push({ place: placeText(reading.place), problem: reading.problem });
          continue;
        }
        const { trajectory, place } = reading;
        for (const { reason } of trajectory.lost) note(`read in part: ${placeText(place)} (${trajectory.id}): ${reason}`);
        const task = tasks.get((trajectory.instance_id ?? '').toLowerCase());
        if (task === undefined)
          left_out.push({
            place: placeText(place),
            problem: `no task is given for ${trajectory.instance_id ?? 'a trajectory without an instance id'}`,
          });
        else yield { trajectory, task };
        read += 1;
        if (read % 500 === 0) note(`${read} trajectories read`);
      }
    }
  }
  const recorded = await withRecords((records) => recordIngested({ campaign, preset, rows: rows(), ...records }));
  return { campaign, tasks: tasks.size, ...recorded, left_out };
}

/** By instance id, in lower case: tools differ in how they write it. */
async function tasksOf(inputs: readonly string[], left_out: IngestedCampaign['left_out']): Promise<Map<string, Task>> {
  const { selectTasks } = await import('../activities/source/index.ts');
  const tasks = new Map<string, Task>();
  for await (const reading of selectTasks(inputs, [])) {
    if (reading.ok) tasks.set(reading.task.instance_id.toLowerCase(), reading.task);
    else left_out.push({ place: reading.place, problem: reading.problems.join('; ') });
  }
  return tasks;
}

/** Places shown to people. */
const shown = 20;

export function recordedText({ campaign, rows, kept, dropped_by, unverified, left_out }: IngestedCampaign): string {
  const dropped = table(Object.entries(dropped_by), [
    { title: 'dropped by', value: ([rule]) => rule },
    { title: 'rows', value: ([, count]) => count, align: 'right' },
  ]);
  return [
    `${rows} rows are on record as campaign ${campaign}: ${kept} kept, ${rows - kept} dropped, ${unverified} without a verdict`,
    ...(rows > kept ? [dropped] : []),
    ...(left_out.length > 0 ? [`${left_out.length} left out:`] : []),
    ...left_out.slice(0, shown).map(({ place, problem }) => `  ${place}: ${problem}`),
    ...(left_out.length > shown ? [`  and ${left_out.length - shown} more: see --json`] : []),
    `next: tracemill release build ${campaign}`,
  ].join('\n');
}
