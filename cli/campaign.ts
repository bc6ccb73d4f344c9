import { Command, InvalidArgumentError } from '@commander-js/extra-typings';
import { checkCampaign, planCampaign, readCampaignFile } from '../activities/planning/index.ts';
import { CampaignConcurrency } from '../schemas/campaign.ts';
import type { FunnelCounts } from '../schemas/ledger-record.ts';
import { evaluationOfCampaign } from '../workflows/contract/ids.ts';
import { auditCommand } from './campaign-audit.ts';
import { budgetCommand } from './campaign-budget.ts';
import { reportText, statusText } from './campaign-view.ts';
import { campaignInitCommand } from './campaign-init.ts';
import { follow, planText, readStatus, startAndPlan, summaryOf } from './follow-campaign.ts';
import { note, printResult, wantsJson } from './output.ts';
import { requireCampaign, withRecords } from './records.ts';
import { report, steer, steering } from './steering.ts';
import { table } from './table.ts';
import { checkLine } from './teacher-check-view.ts';

/** `tracemill campaign`: start one, see where it stands, steer it. */
export function campaignCommand() {
  return new Command('campaign')
    .description('Starts campaigns, shows where they stand and steers them while they run.')
    .addCommand(campaignInitCommand())
    .addCommand(startCommand())
    .addCommand(listCommand())
    .addCommand(statusCommand())
    .addCommand(reportCommand())
    .addCommand(pauseCommand())
    .addCommand(resumeCommand())
    .addCommand(concurrencyCommand())
    .addCommand(budgetCommand())
    .addCommand(abortCommand())
    .addCommand(auditCommand())
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
      const status = keep ? await follow(campaign) : await readStatus(campaign);
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
  ).action(async (campaign, { reason }, command) => report(command, campaign, await steer(campaign, { action: 'pause' }, reason)));
}

function resumeCommand() {
  return steering('resume', 'Goes on with a paused campaign.', '$ tracemill campaign resume demo').action(
    async (campaign, { reason }, command) => report(command, campaign, await steer(campaign, { action: 'resume' }, reason)),
  );
}

function concurrencyCommand() {
  return steering('concurrency', 'Changes how many tasks are in work at the same time.', '$ tracemill campaign concurrency demo 16')
    .argument('<tasks>', wholeNumber, tasksAtOnce)
    .action(async (campaign, concurrency, { reason }, command) =>
      report(command, campaign, await steer(campaign, { action: 'concurrency', concurrency }, reason)),
    );
}

function abortCommand() {
  return steering(
    'abort',
    'Cancels what is in flight and removes its containers. What is finished stays on the ledger.',
    '$ tracemill campaign abort demo --reason "wrong teacher"',
  ).action(async (campaign, { reason }, command) => report(command, campaign, await steer(campaign, { action: 'abort' }, reason)));
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

const wholeNumber = `a whole number from ${CampaignConcurrency.minValue} to ${CampaignConcurrency.maxValue}`;

function tasksAtOnce(text: string): number {
  const read = CampaignConcurrency.safeParse(Number(text));
  if (!read.success) throw new InvalidArgumentError(wholeNumber);
  return read.data;
}
