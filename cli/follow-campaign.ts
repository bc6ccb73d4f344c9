import { cellsOf } from '../activities/planning/index.ts';
import type { Planned } from '../client/start-campaign.ts';
import type { CampaignPlan } from '../schemas/campaign-plan.ts';
import type { CampaignStatus } from '../schemas/campaign-status.ts';
import type { Campaign } from '../schemas/campaign.ts';
import type { TeacherCheck, TeacherCheckWish } from '../schemas/teacher-check.ts';
import { progressLine, statusText } from './campaign-view.ts';
import { exitCodes } from './exit-codes.ts';
import { interruption } from './interrupt.ts';
import { note } from './output.ts';
import { withRecords } from './records.ts';
import { watch } from './watch.ts';

/** How long to wait for a worker that plans the campaign; milliseconds. The time of planning itself does not count. */
const patienceMs = 8000;

/** Starts a campaign and waits until it is planned; `plan` is null when no worker has done so. */
export async function startAndPlan(
  campaign: Campaign,
  wish: TeacherCheckWish,
  { silenceMs = patienceMs }: { silenceMs?: number } = {},
): Promise<{ plan: CampaignPlan | null; result: Planned | 'running'; checks: TeacherCheck[] }> {
  const [{ awaitPlan, startCampaign, teacherChecks }, { withClient }, { ensureTemporal }, { planOf }] = await Promise.all([
    import('../client/start-campaign.ts'),
    import('../client/connect.ts'),
    import('../infra/temporal.ts'),
    import('../client/plan-of-campaign.ts'),
  ]);
  const { name } = campaign;
  await ensureTemporal();
  const storeId = await withRecords(({ store }) => store.id());
  const signal = interruption();
  const onTasks = notNow((tasks: number, doing?: string) => note(doing ?? `${tasks} tasks read so far`));
  const { result, checks } = await withClient(async (client) => {
    if ((await startCampaign(client, storeId, campaign, wish)) === 'running') return { result: 'running' as const, checks: [] };
    const planned = await awaitPlan(client, name, { silenceMs, onTasks, signal });
    return { result: planned, checks: planned === 'planned' ? await teacherChecks(client, name) : [] };
  });
  const plan = result === 'unplanned' ? null : await withRecords(({ ledger, store }) => planOf(ledger, store, name));
  return { plan, result, checks };
}

/** Passes values on, at most one every two seconds, the first after two. */
function notNow<T extends unknown[]>(tell: (...values: T) => void): (...values: T) => void {
  let last = Date.now();
  return (...values) => {
    if (Date.now() - last < 2000) return;
    last = Date.now();
    tell(...values);
  };
}

/** Where a campaign stands now. */
export async function readStatus(campaign: string): Promise<CampaignStatus> {
  const [{ withClient }, { campaignStatus }] = await Promise.all([import('../client/connect.ts'), import('../client/campaign-status.ts')]);
  return await withClient((client) => withRecords(({ ledger }) => campaignStatus(client, ledger, campaign)));
}

/** Shows progress until the campaign has ended and sets the exit code by its result. Ctrl-C stops the display, not the campaign. */
export async function follow(campaign: string): Promise<CampaignStatus> {
  const [{ withClient }, { campaignStatus }] = await Promise.all([import('../client/connect.ts'), import('../client/campaign-status.ts')]);
  const signal = interruption();
  const status = await withClient((client) =>
    withRecords(({ ledger }) =>
      watch({
        read: () => campaignStatus(client, ledger, campaign),
        ended: ({ workflow }) => workflow !== 'running' && workflow !== 'continued_as_new',
        screen: (state) => statusText(state),
        line: progressLine,
        signal,
      }),
    ),
  );
  if (signal.aborted)
    note(
      `\nthe campaign goes on\nfollow it: tracemill campaign status ${campaign} --watch\nend it:    tracemill campaign abort ${campaign}`,
    );
  else if (status.workflow !== 'completed') process.exitCode = exitCodes.failed;
  return status;
}

/** What a plan comes to, for --json. */
export function summaryOf(plan: CampaignPlan) {
  return { campaign: plan.campaign.name, tasks: plan.tasks.length, rollouts: rolloutsOf(plan), skipped: plan.skipped };
}

/** How many rollouts a plan comes to. */
export function rolloutsOf({ campaign, tasks }: CampaignPlan): number {
  return tasks.length * cellsOf(campaign).length;
}

/** What a plan comes to, for people: tasks, rollouts, and what was left out. */
export function planText(plan: CampaignPlan): string {
  const { campaign, tasks, skipped } = plan;
  const harnesses = Object.keys(campaign.harnesses).join(', ');
  const modes = Object.entries(campaign.modes)
    .map(([mode, teacher]) => `${mode} by ${teacher}`)
    .join(', ');
  const places = skipped.slice(0, 10).map(({ place, code, reason }) => `  skipped ${place}: ${code}: ${reason}`);
  const more =
    skipped.length > places.length ? [`  and ${skipped.length - places.length} more, see: tracemill campaign report ${campaign.name}`] : [];
  return [
    `${tasks.length} tasks → ${rolloutsOf(plan)} rollouts (${harnesses}; ${modes}; ${campaign.samples} each)`,
    ...places,
    ...more,
  ].join('\n');
}
