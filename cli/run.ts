import { Command } from '@commander-js/extra-typings';
import type { CampaignPlan } from '../schemas/campaign-plan.ts';
import type { Campaign } from '../schemas/campaign.ts';
import { Problem } from '../schemas/problem.ts';
import { statusText } from './campaign-view.ts';
import { draftCampaignFile, nameOf, wishOf, wishOptionsOf, withWishOptions } from './campaign-wish.ts';
import { confirm, requireTerminal } from './confirm.ts';
import { follow, planText, rolloutsOf, startAndPlan, summaryOf } from './follow-campaign.ts';
import { checkBeforeStart, requireEngine } from './check-before-start.ts';
import { interruption } from './interrupt.ts';
import { note, printResult, wantsJson } from './output.ts';
import { campaignPage } from './page-address.ts';
import { withRecords } from './records.ts';
import { address, modelName } from './teacher-values.ts';
import { verdicts } from './verdicts.ts';

/** `tracemill run`: from a task file and a model to judged rollouts. */
export function runCommand() {
  const command = new Command('run')
    .description(
      'Runs tasks with a model: shows what it comes to, writes the campaign file, starts what has to run, starts the campaign and follows it to the verdicts.',
    )
    .argument('<tasks...>', 'files, folders or http(s) addresses with tasks, e.g. what `tracemill task init` wrote')
    .requiredOption('--model <name>', 'the model, as its server calls it', modelName)
    .requiredOption('--base-url <url>', 'of its OpenAI-compatible server, ends in /v1', address);
  return withWishOptions(command)
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

Before anything is written or started it sees that a container engine answers and asks the model, with about three requests of some
hundred tokens, whether it does what rollouts need. Ctrl-C ends the display, not the campaign. Server and worker go on in the background until \`tracemill down\`. The file
is there for the next time: \`tracemill campaign start FILE --wait\`. The exit code is 1 when rollouts were lost or the campaign was aborted.`,
    )
    .action(async (tasks, { model, baseUrl, file: given, yes = false, dryRun = false }, command) => {
      const options = wishOptionsOf(command);
      const signal = interruption();
      requireKey(options.apiKeyEnv);
      const file = given ?? `${options.name ?? nameOf(tasks[0] ?? '')}.campaign.yaml`;
      if (!yes && !dryRun) requireTerminal();
      const draft = await draftCampaignFile(file, wishOf(tasks, model, baseUrl, file, options));
      const plan = await planOf(draft.campaign);
      if (dryRun) {
        if (!wantsJson(command)) note(whatItIs(plan));
        return printResult(command, { ...summaryOf(plan), file, started: false, ...boundsOf(plan) }, 'nothing was written or started');
      }
      note(whatItIs(plan));
      if (!draft.there) await requireEngine();
      const nothing = () => printResult(command, { ...summaryOf(plan), file, started: false }, 'nothing was written or started');
      if (!yes && !(await confirm('start?', signal))) return nothing();
      // Before anything runs or is written. Of a campaign that was started before, the worker knows whether there is anything to ask for.
      if (!draft.there) {
        try {
          await checkBeforeStart(draft.campaign, signal);
        } catch (error) {
          if (!signal.aborted) throw error;
          return nothing();
        }
      }
      const { name } = plan.campaign;
      await bringUp(options.apiKeyEnv);
      if (signal.aborted) {
        const text = 'no campaign was written or started; Temporal and the worker run until tracemill down';
        return printResult(command, { ...summaryOf(plan), file, started: false }, text);
      }
      note(`${file} ${draft.write() === 'same' ? 'is as it was' : 'is written'}`);
      const { result } = await startAndPlan(draft.campaign, draft.there ? 'always' : 'never', { silenceMs: 90_000 }).catch(
        (error: unknown) => {
          if (draft.takeBack()) note(`nothing has begun; ${file} is removed again, so that this can be run with other options`);
          throw error;
        },
      );
      if (result === 'done') note(`campaign ${name} is done; nothing is left to run`);
      if (result === 'running') note(`campaign ${name} runs already: it is followed, and none of these options change it`);
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
  if (variable === undefined || (process.env[variable] ?? '').trim() !== '') return;
  throw new Problem('bad_arguments', `${variable} is not set, which --api-key-env names`, {
    hint: `export ${variable}=…, and run this again`,
  });
}

/** Reads everything that a campaign names, and records nothing. */
async function planOf(campaign: Campaign): Promise<CampaignPlan> {
  const [{ planCampaign }, { planningNeeds }] = await Promise.all([
    import('../activities/planning/index.ts'),
    import('../workers/planning-needs.ts'),
  ]);
  return await withRecords(({ store }) => planCampaign(campaign, store, planningNeeds));
}

/** Server and worker of this home, each unless it runs. A worker without the key, or with another, is started again. */
async function bringUp(keyVariable: string | undefined): Promise<void> {
  const [{ ensureTemporal }, { bringUpWorker }, { describeServer }] = await Promise.all([
    import('../infra/temporal.ts'),
    import('../infra/worker-process.ts'),
    import('../platform/temporal/server.ts'),
  ]);
  const server = await ensureTemporal();
  note(`Temporal ${describeServer(server)} ${server.started ? 'started' : 'runs already'}`);
  const { worker, how } = await bringUpWorker(16, keyVariable);
  note(`worker pid ${worker.pid} ${how === 'again' ? `started again, with the key in ${keyVariable ?? ''}` : how}`);
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
