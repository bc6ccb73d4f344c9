import { Command, InvalidArgumentError } from '@commander-js/extra-typings';
import { cellsOf, checkCampaign, planCampaign, readCampaignFile } from '../activities/planning/index.ts';
import type { Planned } from '../client/start-campaign.ts';
import type { CampaignStatus } from '../schemas/campaign-status.ts';
import { type Campaign, CampaignConcurrency } from '../schemas/campaign.ts';
import type { CampaignPlan } from '../schemas/campaign-plan.ts';
import type { FunnelCounts } from '../schemas/ledger-record.ts';
import type { TeacherCheck, TeacherCheckWish } from '../schemas/teacher-check.ts';
import { evaluationOfCampaign } from '../workflows/contract/ids.ts';
import { budgetCommand } from './campaign-budget.ts';
import { progressLine, reportText, statusText } from './campaign-view.ts';
import { exitCodes } from './exit-codes.ts';
import { interruption } from './interrupt.ts';
import { note, printResult, wantsJson } from './output.ts';
import { requireCampaign, withRecords } from './records.ts';
import { report, steer, steering } from './steering.ts';
import { table } from './table.ts';
import { checkLine } from './teacher-check-view.ts';
import { watch } from './watch.ts';

/** `tracemill campaign`: start one, see where it stands, steer it. */
export function campaignCommand() {
  return new Command('campaign')
    .description('Starts campaigns, shows where they stand and steers them while they run.')
    .addCommand(startCommand())
    .addCommand(listCommand())
    .addCommand(statusCommand())
    .addCommand(reportCommand())
    .addCommand(pauseCommand())
    .addCommand(resumeCommand())
    .addCommand(concurrencyCommand())
    .addCommand(budgetCommand())
    .addCommand(abortCommand())
    .addCommand(removeCommand());
}

function startCommand() {
  return new Command('start')
    .description('Starts a campaign, or goes on with it: what is finished stays, what failed or is new runs.')
    .argument('<file>', 'campaign file (YAML)')
    .option('--wait', 'show progress and return when it has ended')
    .option('--dry-run', 'read everything, say what would run, start nothing')
    .option('--no-check', 'do not ask the teachers beforehand whether they call tools and reason as the campaign needs it')
    .addHelpText(
      'after',
      '\nExamples:\n  $ tracemill campaign start campaign.yaml\n  $ tracemill campaign start campaign.yaml --wait\n  $ tracemill campaign start campaign.yaml --dry-run --json\n  $ tracemill campaign start campaign.yaml --no-check\n\nExit code 1 with --wait when rollouts were lost or it was aborted.\nThe file is checked first; its inputs are read by a worker (with --dry-run by this command).\nThe worker then checks the teachers as `tracemill teacher check` does, with its own keys: some requests for each, beyond the\nbudget. What is wrong refuses the campaign before a rollout begins; so does a teacher that is down. --no-check leaves that out.',
    )
    .action(async (file, { wait = false, dryRun = false, check }, command) => {
      const { planningNeeds } = await import('../workers/planning-needs.ts');
      const campaign = await readCampaignFile(file, planningNeeds.harnesses);
      await checkCampaign(campaign, planningNeeds);
      if (dryRun) {
        const plan = await withRecords(({ store }) => planCampaign(campaign, store, planningNeeds));
        if (!wantsJson(command)) note(planText(plan));
        printResult(command, { ...summaryOf(plan), started: false }, 'nothing was started');
        return;
      }
      const { plan, result, checks } = await startAndPlan(campaign, check ? (campaign.teacher_check ?? 'always') : 'never');
      if (plan !== null && !wantsJson(command)) note([...checks.map(checkLine), planText(plan)].join('\n'));
      const { name } = campaign;
      const words = {
        planned: `campaign ${name} is under way`,
        running: `campaign ${name} runs already`,
        done: `campaign ${name} is done; nothing is left to run`,
        unplanned: `campaign ${name} is started, but no worker has planned it yet\nstart one: tracemill worker`,
      };
      if (!wait || result === 'done') {
        const summary = plan === null ? { campaign: name } : summaryOf(plan);
        const started = result === 'planned' || result === 'unplanned' ? 'started' : result;
        printResult(
          command,
          { ...summary, result: started, planned: plan !== null, teacher_checks: checks },
          `${words[result]}\nfollow it: tracemill campaign status ${name} --watch`,
        );
        return;
      }
      note(words[result]);
      const status = await follow(name);
      printResult(command, status, () => statusText(status));
    });
}

/** How long to wait for a worker that plans the campaign; milliseconds. The time of planning itself does not count. */
const patienceMs = 8000;

/** Starts a campaign and waits until it is planned; `plan` is null when no worker has done so. */
async function startAndPlan(
  campaign: Campaign,
  wish: TeacherCheckWish,
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
    const planned = await awaitPlan(client, name, { silenceMs: patienceMs, onTasks, signal });
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

function summaryOf(plan: CampaignPlan) {
  return { campaign: plan.campaign.name, tasks: plan.tasks.length, rollouts: rolloutsOf(plan), skipped: plan.skipped };
}

function rolloutsOf({ campaign, tasks }: CampaignPlan): number {
  return tasks.length * cellsOf(campaign).length;
}

function listCommand() {
  return new Command('list')
    .description('Lists the campaigns of this home, those of evaluations too.')
    .addHelpText('after', '\nExamples:\n  $ tracemill campaign list\n  $ tracemill campaign list --json')
    .action(async (_options, command) => {
      await withRecords(async ({ ledger }) => {
        const campaigns: ({ campaign: string; evaluation: string | null } & FunnelCounts)[] = [];
        for (const { campaign } of await ledger.campaigns()) {
          const evaluation = evaluationOfCampaign(campaign) ?? null;
          campaigns.push({ campaign, evaluation, ...(await ledger.campaignFunnel(campaign)).total });
        }
        printResult(command, campaigns, () =>
          campaigns.length === 0
            ? 'no campaign was started yet'
            : table(campaigns, [
                { title: 'campaign', value: ({ campaign }) => campaign },
                { title: 'evaluation', value: ({ evaluation }) => evaluation },
                { title: 'planned', value: ({ planned }) => planned, align: 'right' },
                { title: 'open', value: ({ open }) => open, align: 'right' },
                { title: 'kept', value: ({ kept }) => kept, align: 'right' },
                { title: 'dropped', value: ({ dropped }) => dropped, align: 'right' },
                { title: 'lost', value: ({ lost }) => lost, align: 'right' },
                { title: 'resolved', value: ({ resolved }) => resolved, align: 'right' },
              ]),
        );
      });
    });
}

function statusCommand() {
  return new Command('status')
    .description('Shows where a campaign stands: tasks, rollouts, tokens, dollars and pace, live, and what it waits for.')
    .argument('<campaign>', 'name of the campaign')
    .option('--watch', 'keep showing it until it has ended')
    .addHelpText(
      'after',
      '\nExamples:\n  $ tracemill campaign status demo\n  $ tracemill campaign status demo --watch\n  $ tracemill campaign status demo --json',
    )
    .action(async (campaign, { watch: keep = false }, command) => {
      const status = keep ? await follow(campaign) : await read(campaign);
      printResult(command, status, () => statusText(status));
    });
}

function reportCommand() {
  return new Command('report')
    .description('Lists what was left out or failed: rows of the inputs, tasks, rollouts; each with its place, a code and what to do.')
    .argument('<campaign>', 'name of the campaign')
    .addHelpText('after', '\nExamples:\n  $ tracemill campaign report demo\n  $ tracemill campaign report demo --json')
    .action(async (campaign, _options, command) => {
      const { campaignReport } = await import('../client/campaign-report.ts');
      await withRecords(async ({ ledger, store }) => {
        await requireCampaign(ledger, campaign);
        const lines = await campaignReport(ledger, store, campaign);
        printResult(command, { campaign, lines }, () => reportText(lines));
      });
    });
}

function pauseCommand() {
  return steering(
    'pause',
    'Begins no further task or rollout; those under way go on to their end.',
    '$ tracemill campaign pause demo --reason "maintenance tonight"',
  )
    .option('--reason <text>', 'shown in its status', 'paused by an operator')
    .action(async (campaign, { reason }, command) => {
      const { pauseUpdate } = await import('../workflows/contract/messages.ts');
      report(command, campaign, await steer(campaign, (handle) => handle.executeUpdate(pauseUpdate, { args: [reason] })));
    });
}

function resumeCommand() {
  return steering('resume', 'Goes on with a paused campaign.', '$ tracemill campaign resume demo').action(
    async (campaign, _options, command) => {
      const { resumeUpdate } = await import('../workflows/contract/messages.ts');
      report(command, campaign, await steer(campaign, (handle) => handle.executeUpdate(resumeUpdate)));
    },
  );
}

function concurrencyCommand() {
  return steering('concurrency', 'Changes how many tasks are in work at the same time.', '$ tracemill campaign concurrency demo 16')
    .argument('<tasks>', wholeNumber, tasksAtOnce)
    .action(async (campaign, tasks, _options, command) => {
      const { concurrencyUpdate } = await import('../workflows/contract/messages.ts');
      report(command, campaign, await steer(campaign, (handle) => handle.executeUpdate(concurrencyUpdate, { args: [tasks] })));
    });
}

function abortCommand() {
  return steering(
    'abort',
    'Cancels what is in flight and removes its containers. What is finished stays on the ledger.',
    '$ tracemill campaign abort demo --reason "wrong teacher"',
  )
    .option('--reason <text>', 'kept on record', 'aborted by an operator')
    .action(async (campaign, { reason }, command) => {
      const { abortUpdate } = await import('../workflows/contract/messages.ts');
      report(command, campaign, await steer(campaign, (handle) => handle.executeUpdate(abortUpdate, { args: [reason] })));
    });
}

function removeCommand() {
  return new Command('remove')
    .description('Forgets a campaign that has ended: its workflows, journals, ledger and releases. Artifacts stay in the store.')
    .argument('<campaign>', 'name of the campaign')
    .requiredOption('--yes', 'it cannot be undone')
    .addHelpText('after', '\nExamples:\n  $ tracemill campaign remove demo --yes')
    .action(async (campaign, _options, command) => {
      const [{ withClient }, { removeCampaign }] = await Promise.all([
        import('../client/connect.ts'),
        import('../client/remove-campaign.ts'),
      ]);
      await withRecords(async ({ ledger, store }) => {
        await requireCampaign(ledger, campaign);
        const storeId = await store.id();
        await withClient((client) => removeCampaign(client, { ledger, storeId }, campaign));
      });
      printResult(command, { target: campaign, removed: true }, `campaign ${campaign} is forgotten`);
    });
}

async function read(campaign: string): Promise<CampaignStatus> {
  const [{ withClient }, { campaignStatus }] = await Promise.all([import('../client/connect.ts'), import('../client/campaign-status.ts')]);
  return await withClient((client) => withRecords(({ ledger }) => campaignStatus(client, ledger, campaign)));
}

/** Shows progress until the campaign has ended and sets the exit code by its result. Ctrl-C stops the display, not the campaign. */
async function follow(campaign: string): Promise<CampaignStatus> {
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
  if (signal.aborted) note(`\nthe campaign goes on; see: tracemill campaign status ${campaign}`);
  else if (status.workflow !== 'completed') process.exitCode = exitCodes.failed;
  return status;
}

function planText(plan: CampaignPlan): string {
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

const wholeNumber = `a whole number from ${CampaignConcurrency.minValue} to ${CampaignConcurrency.maxValue}`;

function tasksAtOnce(text: string): number {
  const read = CampaignConcurrency.safeParse(Number(text));
  if (!read.success) throw new InvalidArgumentError(wholeNumber);
  return read.data;
}
