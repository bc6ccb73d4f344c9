import { cellsOf } from './cells.ts';
import type { Ledger } from '../ledger/ledger.ts';
import { type ArtifactStore, putJson } from '../artifacts/store.ts';
import type { ArtifactRef } from '../../schemas/artifact-ref.ts';
import type { CampaignPlan, PlannedTask, SkippedRow } from '../../schemas/campaign-plan.ts';
import type { Campaign } from '../../schemas/campaign.ts';
import { Mode } from '../../schemas/names.ts';
import { Problem } from '../../schemas/problem.ts';
import { completeSettings } from './harness-settings.ts';
import type { PlanningNeeds } from './planning-needs.ts';

/**
 * Checks what a campaign's schema cannot: whether each teacher can produce its mode, the settings of harnesses by the
 * schemas that those bring (returned with defaults filled in), and their texts. The sender of a campaign may not have
 * checked it. Throws `Problem` bad_campaign, template_bad or mode_unsupported.
 */
export async function checkCampaign(campaign: Campaign, needs: PlanningNeeds): Promise<Pick<CampaignPlan, 'campaign' | 'templates'>> {
  for (const mode of Mode.options) {
    const name = campaign.modes[mode];
    const teacher = name === undefined ? undefined : campaign.teachers[name];
    if (name !== undefined && teacher !== undefined) needs.checkMode(name, teacher, mode);
  }
  const { settings: harnesses, issues } = completeSettings(campaign.harnesses, needs.harnesses);
  if (issues.length > 0) {
    const what = issues.map(({ path, message }) => `${path.map(String).join('.')}: ${message}`);
    throw new Problem('bad_campaign', `campaign ${campaign.name}: ${what.join('; ')}`, {
      hint: 'docs/configuration.md describes every field',
    });
  }
  const templates: CampaignPlan['templates'] = {};
  for (const harness of needs.harnesses) {
    const settings = harnesses[harness.name];
    if (settings !== undefined) templates[harness.name] = await harness.loadTemplates(settings);
  }
  return { campaign: { ...campaign, harnesses }, templates };
}

/**
 * Reads all that a campaign file names — tasks, templates — into a plan; tasks go to the store. Rows that are no tasks are
 * listed with place and reason and left out. Throws `Problem` bad_campaign, template_bad or mode_unsupported.
 */
export async function planCampaign(
  file: Campaign,
  store: ArtifactStore,
  needs: PlanningNeeds,
  onProgress: (tasks: number) => void = () => undefined,
): Promise<CampaignPlan> {
  const { campaign, templates } = await checkCampaign(file, needs);
  const { tasks, skipped } = await storeTasks(campaign, store, needs, onProgress);
  if (tasks.length === 0) {
    const first = skipped[0];
    throw new Problem(
      'bad_campaign',
      `campaign ${campaign.name} has no task left${first === undefined ? '' : `; the first of ${skipped.length} skipped: ${first.place}: ${first.code}: ${first.reason}`}`,
      {
        hint: 'see `tracemill source inspect FILE` for what each rule makes of the rows',
      },
    );
  }
  return { campaign, templates, tasks, skipped };
}

/** Writes the plan to the store and everything planned to the ledger. */
export async function recordPlan(plan: CampaignPlan, store: ArtifactStore, ledger: Ledger): Promise<ArtifactRef> {
  const { name } = plan.campaign;
  const ref = await putJson(store, plan);
  await ledger.recordCampaign({ campaign: name, plan: ref });
  await ledger.planTasks(
    plan.tasks.map((task) => ({ campaign: name, ...task, state: 'planned', gate: null, problem: null, reported: null, remarks: [] })),
  );
  const cells = cellsOf(plan.campaign);
  await ledger.planRollouts(
    plan.tasks.flatMap(({ instance_id }) =>
      cells.map(({ harness, mode, sample, teacher }) => ({
        key: { campaign: name, instance_id, harness, mode, sample },
        teacher,
      })),
    ),
  );
  return ref;
}

async function storeTasks(
  campaign: Campaign,
  store: ArtifactStore,
  needs: PlanningNeeds,
  onProgress: (tasks: number) => void,
): Promise<{ tasks: PlannedTask[]; skipped: SkippedRow[] }> {
  const tasks = new Map<string, PlannedTask>();
  const skipped: SkippedRow[] = [];
  const wanted = campaign.only === undefined ? undefined : new Set(campaign.only);
  for await (const read of needs.readTasks(campaign)) {
    if (!read.ok) {
      skipped.push({ place: read.place, code: read.code, reason: read.problems.join('; '), hint: read.hint });
      continue;
    }
    const { task, place } = read;
    if (wanted !== undefined && !wanted.has(task.instance_id)) continue;
    if (tasks.has(task.instance_id)) {
      skipped.push({ place, code: 'task_repeated', reason: `${task.instance_id} was read before`, hint: 'the first one counts' });
      continue;
    }
    const { instance_id, repo, language } = task;
    tasks.set(instance_id, { instance_id, repo, language, license: task.license ?? '', task: await putJson(store, task) });
    onProgress(tasks.size);
  }
  const missing = [...(wanted ?? [])].filter((id) => !tasks.has(id));
  for (const id of missing) {
    skipped.push({ place: 'only', code: 'task_not_found', reason: `no input holds a task ${id}`, hint: 'check the id, and the inputs' });
  }
  return { tasks: [...tasks.values()], skipped };
}
