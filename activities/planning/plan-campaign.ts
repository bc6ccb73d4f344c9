import { cellsOf } from './cells.ts';
import type { Ledger } from '../ledger/ledger.ts';
import { type ArtifactStore, putJson } from '../artifacts/store.ts';
import type { ArtifactRef } from '../../schemas/artifact-ref.ts';
import type { CampaignPlan, PlannedTask, SkippedRow } from '../../schemas/campaign-plan.ts';
import type { Campaign } from '../../schemas/campaign.ts';
import { Mode } from '../../schemas/names.ts';
import { Problem } from '../../schemas/problem.ts';
import type { HarnessTemplates } from '../../schemas/templates.ts';
import type { PlanningNeeds } from './planning-needs.ts';

/**
 * What a campaign file says that its schema cannot see: whether each teacher can produce its mode, and the texts of each
 * harness. Throws `Problem` template_bad or mode_unsupported.
 */
export async function checkCampaign(campaign: Campaign, needs: PlanningNeeds): Promise<CampaignPlan['templates']> {
  for (const mode of Mode.options) {
    const name = campaign.modes[mode];
    const teacher = name === undefined ? undefined : campaign.teachers[name];
    if (name !== undefined && teacher !== undefined) needs.checkMode(name, teacher, mode);
  }
  const templates: Record<string, HarnessTemplates> = {};
  for (const harness of needs.harnesses) {
    const settings = campaign.harnesses[harness.name];
    if (settings !== undefined) templates[harness.name] = await harness.loadTemplates(settings);
  }
  return templates;
}

/**
 * Reads all that a campaign file names — tasks, templates — into a plan; tasks go to the store. Rows that are no tasks are
 * listed with place and reason and left out. Throws `Problem` bad_campaign, template_bad or mode_unsupported.
 */
export async function planCampaign(
  campaign: Campaign,
  store: ArtifactStore,
  needs: PlanningNeeds,
  onProgress: (tasks: number) => void = () => undefined,
): Promise<CampaignPlan> {
  const templates = await checkCampaign(campaign, needs);
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
