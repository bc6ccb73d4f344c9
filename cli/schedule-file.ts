import { dirname, resolve } from 'node:path';
import { z } from 'zod';
import { readYamlFile, type YamlFile } from '../platform/yaml-file.ts';
import { Problem } from '../schemas/problem.ts';
import { ScheduleFile, type ScheduledKind, type ScheduledStart } from '../schemas/schedule.ts';

const hint = 'docs/schedules.md describes every field';

/**
 * Reads a schedule file and the file that it starts, so that what is wrong with either is known before the first night.
 * Throws `Problem` bad_schedule, and what the readers of campaigns, trainings, evaluations and pipelines throw.
 */
export async function readSchedule(path: string): Promise<{ file: ScheduleFile; target: string; start: ScheduledStart }> {
  const text = await readYamlFile(path, { code: 'bad_schedule', hint });
  const parsed = ScheduleFile.safeParse(text.value);
  if (!parsed.success) throw text.problem(parsed.error.issues);
  const file = parsed.data;
  const target = resolve(dirname(resolve(path)), file.start);
  const { kind, content } = await readTarget(target, text);
  if (file.check !== undefined && kind !== 'evaluation') {
    throw text.problem([{ path: ['check'], message: `only evaluations are checked, and ${file.start} is a ${kind} file` }]);
  }
  const start: ScheduledStart = {
    schedule: file.name,
    time_zone: file.time_zone,
    kind,
    file: z.record(z.string(), z.unknown()).parse(JSON.parse(JSON.stringify(content))),
    check: file.check ?? null,
  };
  return { file, target, start };
}

/** What a file is, by the field that no other kind has. */
const kinds: Record<ScheduledKind, string> = { evaluation: 'benchmark', training: 'variants', pipeline: 'steps', campaign: 'tasks' };

async function readTarget(path: string, schedule: YamlFile): Promise<{ kind: ScheduledKind; content: unknown }> {
  const { value } = await readYamlFile(path, { code: 'bad_schedule', hint });
  const fields = new Set(Object.keys(z.record(z.string(), z.unknown()).catch({}).parse(value)));
  if (fields.has(kinds.evaluation)) {
    const [{ readEvaluationFile }, { planningNeeds }] = await Promise.all([
      import('../activities/evaluation/index.ts'),
      import('../workers/planning-needs.ts'),
    ]);
    return { kind: 'evaluation', content: await readEvaluationFile(path, planningNeeds.harnesses) };
  }
  if (fields.has(kinds.campaign)) {
    const [{ checkCampaign, readCampaignFile }, { planningNeeds }] = await Promise.all([
      import('../activities/planning/index.ts'),
      import('../workers/planning-needs.ts'),
    ]);
    const campaign = await readCampaignFile(path, planningNeeds.harnesses);
    await checkCampaign(campaign, planningNeeds);
    return { kind: 'campaign', content: campaign };
  }
  if (fields.has(kinds.training)) {
    const { readTrainingFile, trainers } = await import('../activities/training/index.ts');
    return { kind: 'training', content: await readTrainingFile(path, trainers) };
  }
  const named = Object.entries(kinds).map(([kind, field]) => `${kind} (${field})`);
  throw new Problem('bad_schedule', schedule.describe({ path: ['start'], message: `${path} is no file that can be started` }), {
    hint: `it is known by a field of its own: ${named.join(', ')}`,
  });
}
