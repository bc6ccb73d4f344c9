import { dirname, resolve } from 'node:path';
import { z } from 'zod';
import { paths } from '../platform/home.ts';
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

/** What a file is, by a field that no other kind has. */
const kinds: Record<ScheduledKind, string[]> = {
  evaluation: ['benchmark'],
  training: ['variants'],
  campaign: ['tasks'],
  pipeline: ['evaluations', 'training', 'campaign'],
};

async function readTarget(path: string, schedule: YamlFile): Promise<{ kind: ScheduledKind; content: unknown }> {
  const { value } = await readYamlFile(path, { code: 'bad_schedule', hint });
  const fields = Object.keys(z.record(z.string(), z.unknown()).catch({}).parse(value));
  const is = (kind: ScheduledKind) => kinds[kind].some((field) => fields.includes(field));
  if (is('evaluation')) {
    const [{ readEvaluationFile }, { planningNeeds }] = await Promise.all([
      import('../activities/evaluation/index.ts'),
      import('../workers/planning-needs.ts'),
    ]);
    return { kind: 'evaluation', content: await readEvaluationFile(path, planningNeeds.harnesses) };
  }
  if (is('campaign')) {
    const [{ checkCampaign, readCampaignFile }, { planningNeeds }] = await Promise.all([
      import('../activities/planning/index.ts'),
      import('../workers/planning-needs.ts'),
    ]);
    const campaign = await readCampaignFile(path, planningNeeds.harnesses);
    await checkCampaign(campaign, planningNeeds);
    return { kind: 'campaign', content: campaign };
  }
  if (is('training')) {
    const { readTrainingFile, trainers } = await import('../activities/training/index.ts');
    return { kind: 'training', content: await readTrainingFile(path, trainers) };
  }
  if (is('pipeline')) {
    const [{ readPipelineFile }, { trainers }, { planningNeeds }] = await Promise.all([
      import('../activities/pipeline/index.ts'),
      import('../activities/training/index.ts'),
      import('../workers/planning-needs.ts'),
    ]);
    const needs = { harnesses: planningNeeds.harnesses, trainers, releases: paths.releases() };
    return { kind: 'pipeline', content: await readPipelineFile(path, needs) };
  }
  const named = Object.entries(kinds).map(([kind, known]) => `${kind} (${known.join(', ')})`);
  throw new Problem('bad_schedule', schedule.describe({ path: ['start'], message: `${path} is no file that can be started` }), {
    hint: `files are known by their fields: ${named.join('; ')}`,
  });
}
