import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { Command } from '@commander-js/extra-typings';
import type { CampaignPlan } from '../schemas/campaign-plan.ts';
import { Problem } from '../schemas/problem.ts';
import { statusText } from './campaign-view.ts';
import { nameOf, wishOf, type WishOptions, wishOptions, writeCampaignFile } from './campaign-wish.ts';
import { confirm, requireTerminal } from './confirm.ts';
import { follow, planText, rolloutsOf, startAndPlan, summaryOf } from './follow-campaign.ts';
import { interruption } from './interrupt.ts';
import { note, printResult, wantsJson } from './output.ts';
import { campaignPage } from './page-address.ts';
import { withRecords } from './records.ts';
import { verdicts } from './verdicts.ts';

/** `tracemill run`: from a task file and a model to judged rollouts. */
export function runCommand() {
  return new Command('run')
    .description(
      'Runs tasks with a model: writes the campaign file, shows what it comes to, starts what has to run, starts the campaign and follows it to the verdicts.',
    )
    .argument('<tasks...>', 'files, folders or http(s) addresses with tasks, e.g. what `tracemill task init` wrote')
    .requiredOption('--model <name>', 'the model, as its server calls it')
    .requiredOption('--base-url <url>', 'of its OpenAI-compatible server, ends in /v1')
    .addOption(wishOptions.apiKeyEnv())
    .addOption(wishOptions.harness())
    .addOption(wishOptions.mode())
    .addOption(wishOptions.thinking())
    .addOption(wishOptions.samples())
    .addOption(wishOptions.budgetUsd())
    .addOption(wishOptions.budgetTokens())
    .addOption(wishOptions.price())
    .addOption(wishOptions.name())
    .option('--file <file>', 'campaign file to write, instead of NAME.campaign.yaml')
    .option('--yes', 'do not ask before it starts')
    .option('--dry-run', 'read everything, say what would run, write and start nothing')
    .addHelpText(
      'after',
      `
Examples:
  $ tracemill run task.yaml --model qwen3-coder --base-url http://localhost:8000/v1
  $ MODEL_KEY=… tracemill run task.yaml --model glm-4.7 --base-url https://models.example.com/v1 --api-key-env MODEL_KEY --budget-usd 5 --price 0.6,2.2
  $ tracemill run tasks.jsonl --model qwen3-coder --base-url http://localhost:8000/v1 --harness openhands sweagent --mode think no_think --samples 4 --yes
  $ tracemill run task.yaml --model qwen3-coder --base-url http://localhost:8000/v1 --dry-run --json

Ctrl-C ends the display, not the campaign. Server and worker go on in the background until \`tracemill down\`. The file is there for
the next time: \`tracemill campaign start FILE --wait\`. The exit code is 1 when rollouts were lost or the campaign was aborted.`,
    )
    .action(async (tasks, { model, baseUrl, file: given, yes = false, dryRun = false, ...options }, command) => {
      const signal = interruption();
      requireKey(options.apiKeyEnv);
      const file = given ?? `${options.name ?? nameOf(tasks[0] ?? '')}.campaign.yaml`;
      if (dryRun) {
        const plan = await planWithoutFile(tasks, model, baseUrl, options);
        if (!wantsJson(command)) note(whatItIs(plan));
        return printResult(command, { ...summaryOf(plan), file, started: false, ...boundsOf(plan) }, 'nothing was written or started');
      }
      if (!yes) requireTerminal();
      const written = writeCampaignFile(file, wishOf(tasks, model, baseUrl, file, options));
      note(`${file} ${written === 'same' ? 'is as it was' : 'is written'}`);
      const plan = await planOfFile(file);
      note(whatItIs(plan));
      if (!yes && !(await confirm('start?', signal))) {
        return printResult(
          command,
          { ...summaryOf(plan), file, started: false },
          `nothing was started; start it later: tracemill campaign start ${file} --wait`,
        );
      }
      const { name } = plan.campaign;
      await bringUp();
      const { result } = await startAndPlan(await campaignOf(file), 'always', { silenceMs: 90_000 });
      if (result === 'unplanned' && !signal.aborted) {
        throw new Problem('gateway_worker_silent', `campaign ${name} is started, but the worker does not plan it`, {
          hint: `see logs/worker.log of the home, and: tracemill campaign status ${name} --watch`,
        });
      }
      const page = campaignPage(name);
      note(page === undefined ? 'pages: tracemill web' : `live: ${page}`);
      const status = await follow(name);
      const rows = await withRecords(async ({ ledger }) => (await import('../demo/final-table.ts')).rowsOf(ledger, name));
      printResult(command, { file, status, rollouts: rows }, () => `${statusText(status)}\n\n${verdicts(rows)}`);
    });
}

/** The worker that is started here takes its keys from this environment. */
function requireKey(variable: string | undefined): void {
  if (variable === undefined || (process.env[variable] ?? '') !== '') return;
  throw new Problem('bad_arguments', `${variable} is not set, which --api-key-env names`, {
    hint: `export ${variable}=…, and run this again`,
  });
}

async function campaignOf(file: string) {
  const [{ readCampaignFile, checkCampaign }, { planningNeeds }] = await planning();
  const campaign = await readCampaignFile(file, planningNeeds.harnesses);
  await checkCampaign(campaign, planningNeeds);
  return campaign;
}

async function planOfFile(file: string): Promise<CampaignPlan> {
  const [{ planCampaign }, { planningNeeds }] = await planning();
  const campaign = await campaignOf(file);
  return await withRecords(({ store }) => planCampaign(campaign, store, planningNeeds));
}

async function planWithoutFile(tasks: string[], model: string, baseUrl: string, options: WishOptions): Promise<CampaignPlan> {
  const folder = mkdtempSync(join(tmpdir(), 'tracemill-run-'));
  try {
    const file = join(folder, 'campaign.yaml');
    writeCampaignFile(
      file,
      wishOf(
        tasks.map((task) => (/^https?:/.test(task) ? task : resolve(task))),
        model,
        baseUrl,
        file,
        options,
      ),
    );
    return await planOfFile(file);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

async function planning() {
  return await Promise.all([import('../activities/planning/index.ts'), import('../workers/planning-needs.ts')]);
}

/** Server and worker of this home, each unless it runs. A worker that runs keeps its environment. */
async function bringUp(): Promise<void> {
  const [{ ensureTemporal }, { backgroundWorker, startWorker }, { describeServer }] = await Promise.all([
    import('../infra/temporal.ts'),
    import('../infra/worker-process.ts'),
    import('../platform/temporal/server.ts'),
  ]);
  const server = await ensureTemporal();
  note(`Temporal ${describeServer(server)} ${server.started ? 'started' : 'runs already'}`);
  const worker = backgroundWorker();
  if (worker === undefined) note(`worker pid ${(await startWorker(16)).pid} started`);
  else note(`worker pid ${worker.pid} runs already; keys come from the environment that it was started in`);
}

/** The most that a plan can take: 0 dollars and tokens are no limit. */
function boundsOf(plan: CampaignPlan) {
  const { harnesses, budget } = plan.campaign;
  const perHarness = rolloutsOf(plan) / Math.max(1, Object.keys(harnesses).length);
  const turns = Object.values(harnesses).map(({ max_turns: most }) => (typeof most === 'number' ? most : 0));
  return { most_requests: turns.reduce((sum, most) => sum + most * perHarness, 0), budget };
}

function whatItIs(plan: CampaignPlan): string {
  const { most_requests, budget } = boundsOf(plan);
  const limits = [...(budget.cost_usd > 0 ? [`$${budget.cost_usd}`] : []), ...(budget.tokens > 0 ? [`${budget.tokens} tokens`] : [])];
  const money =
    limits.length > 0
      ? `it waits when it has taken ${limits.join(' or ')}`
      : 'no budget is set: --budget-usd with --price, or --budget-tokens';
  return `${planText(plan)}\nat most ${most_requests} requests to ${modelsOf(plan)}; ${money}`;
}

function modelsOf({ campaign: { teachers } }: CampaignPlan): string {
  return Object.values(teachers)
    .map(({ model, base_url }) => `${model} at ${base_url}`)
    .join(', ');
}
