import { Command, Option } from '@commander-js/extra-typings';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { PipelineStage, type PipelineStart } from '../schemas/pipeline.ts';
import type { PipelineStatus } from '../schemas/pipeline-status.ts';
import { Problem } from '../schemas/problem.ts';
import { exitCodes } from './exit-codes.ts';
import { interruption } from './interrupt.ts';
import { note, printResult } from './output.ts';
import { progressLine, statusText } from './pipeline-view.ts';
import { withRecords } from './records.ts';
import { watch } from './watch.ts';

/** `tracemill pipeline`: campaign, release, training, evaluation and report as one. */
export function pipelineCommand() {
  return new Command('pipeline')
    .description('Runs campaign, release, training and evaluation one after the other, and reports on all of them.')
    .addCommand(startCommand())
    .addCommand(listCommand())
    .addCommand(statusCommand())
    .addCommand(showCommand())
    .addCommand(cancelCommand());
}

function startCommand() {
  return new Command('start')
    .description('Starts a pipeline, or goes on with it: steps whose inputs are unchanged are not run again.')
    .argument('<file>', 'pipeline file (YAML)')
    .addOption(
      new Option('--from <stage>', 'begin with this stage; what earlier ones made is taken as it is')
        .choices(PipelineStage.options)
        .default('campaign' as const),
    )
    .option('--wait', 'show progress and return when it has ended')
    .option('--dry-run', 'read all files, say what would run, start nothing')
    .addHelpText(
      'after',
      `
Examples:
  $ tracemill pipeline start pipeline.yaml
  $ tracemill pipeline start pipeline.yaml --from training --wait
  $ tracemill pipeline start pipeline.yaml --dry-run

Exit code 1 with --wait when a step failed or could not run. The pipeline goes on after Ctrl-C.`,
    )
    .action(async (path, { from, wait = false, dryRun = false }, command) => {
      const start = await read(path, from);
      const steps = stepsOf(start);
      if (dryRun) {
        printResult(command, { pipeline: start.name, steps, started: false }, `${steps.join('\n')}\nnothing was started`);
        return;
      }
      const [{ startPipeline }, { withClient }, { ensureTemporal }] = await Promise.all([
        import('../client/pipeline.ts'),
        import('../client/connect.ts'),
        import('../infra/temporal.ts'),
      ]);
      await ensureTemporal();
      const storeId = await withRecords(({ store }) => store.id());
      const result = await withClient((client) => startPipeline(client, storeId, start));
      const words = `pipeline ${start.name} ${result === 'started' ? 'is under way' : 'runs already'}`;
      if (!wait) {
        printResult(
          command,
          { pipeline: start.name, steps, result },
          `${words}\nfollow it: tracemill pipeline status ${start.name} --watch`,
        );
        return;
      }
      note(words);
      const status = await follow(start.name);
      printResult(command, status, () => statusText(status));
    });
}

async function read(path: string, from: PipelineStart['from']): Promise<PipelineStart> {
  const [{ readPipelineFile }, { planningNeeds }, { trainingParts }, { paths }] = await Promise.all([
    import('../activities/pipeline/index.ts'),
    import('../workers/planning-needs.ts'),
    import('../workers/training-parts.ts'),
    import('../platform/home.ts'),
  ]);
  const { trainers } = trainingParts();
  return await readPipelineFile(path, { harnesses: planningNeeds.harnesses, trainers, releases: paths.releases() }, from);
}

function stepsOf({ campaign, training, evaluations }: PipelineStart): string[] {
  return [
    ...(campaign === null ? [] : [`campaign ${campaign.name}, release ${campaign.release.version}`]),
    ...(training === null ? [] : Object.keys(training.variants).map((variant) => `training ${training.name}/${variant}`)),
    ...evaluations.map(({ file }) => `evaluation ${file.name} of ${file.model.name}`),
  ];
}

function listCommand() {
  return new Command('list')
    .description('Lists the pipelines of this home.')
    .addHelpText('after', '\nExamples:\n  $ tracemill pipeline list\n  $ tracemill pipeline list --json')
    .action(async (_options, command) => {
      const [{ withClient }, { knownPipelines, pipelineStatus }] = await Promise.all([
        import('../client/connect.ts'),
        import('../client/pipeline.ts'),
      ]);
      const known = await withRecords(({ ledger, store }) =>
        withClient(async (client) => {
          const all = [];
          for (const name of await knownPipelines(client, await store.id())) all.push(await pipelineStatus(client, ledger, name));
          return all;
        }),
      );
      printResult(command, known, () => (known.length === 0 ? 'no pipeline was started yet' : known.map(progressLine).join('\n')));
    });
}

function statusCommand() {
  return new Command('status')
    .description('Shows where a pipeline stands, step by step.')
    .argument('<pipeline>', 'name of the pipeline')
    .option('--watch', 'keep showing it until it has ended')
    .addHelpText('after', '\nExamples:\n  $ tracemill pipeline status student\n  $ tracemill pipeline status student --watch')
    .action(async (name, { watch: keep = false }, command) => {
      const status = keep ? await follow(name) : await statusOf(name);
      printResult(command, status, () => statusText(status));
    });
}

function showCommand() {
  return new Command('show')
    .description('Prints the report of a pipeline that has ended.')
    .argument('<pipeline>', 'name of the pipeline')
    .addHelpText(
      'after',
      '\nThe page lies beside it: report.html.\n\nExamples:\n  $ tracemill pipeline show student\n  $ tracemill pipeline show student --json',
    )
    .action(async (name, _options, command) => {
      const [{ paths }, { PipelineRecord }, { getJson }] = await Promise.all([
        import('../platform/home.ts'),
        import('../schemas/pipeline.ts'),
        import('../activities/artifacts/store.ts'),
      ]);
      await withRecords(async ({ ledger, store }) => {
        const run = await ledger.run('pipeline', name);
        if (run === null) {
          throw new Problem('pipeline_not_found', `no pipeline ${name} has ended`, { hint: `see: tracemill pipeline status ${name}` });
        }
        const folder = join(paths.pipelines(), name);
        const report = await readFile(join(folder, 'report.md'), 'utf8');
        printResult(
          command,
          { record: await getJson(store, run.record, PipelineRecord), folder },
          `${report}\n${join(folder, 'report.html')}`,
        );
      });
    });
}

function cancelCommand() {
  return new Command('cancel')
    .description('Cancels a pipeline and the step that runs. What is finished stays.')
    .argument('<pipeline>', 'name of the pipeline')
    .addHelpText('after', '\nExamples:\n  $ tracemill pipeline cancel student')
    .action(async (name, _options, command) => {
      const [{ withClient }, { cancelPipeline }] = await Promise.all([import('../client/connect.ts'), import('../client/pipeline.ts')]);
      const storeId = await withRecords(({ store }) => store.id());
      await withClient((client) => cancelPipeline(client, storeId, name));
      printResult(command, { pipeline: name, cancelled: true }, `pipeline ${name} is being cancelled`);
    });
}

async function statusOf(name: string): Promise<PipelineStatus> {
  const [{ withClient }, { pipelineStatus }] = await Promise.all([import('../client/connect.ts'), import('../client/pipeline.ts')]);
  return await withRecords(({ ledger }) => withClient((client) => pipelineStatus(client, ledger, name)));
}

/** Shows progress until it has ended and sets the exit code by its result. Ctrl-C stops the display, not the pipeline. */
async function follow(name: string): Promise<PipelineStatus> {
  const [{ withClient }, { pipelineStatus }] = await Promise.all([import('../client/connect.ts'), import('../client/pipeline.ts')]);
  const signal = interruption();
  const status = await withRecords(({ ledger }) =>
    withClient((client) =>
      watch({
        read: () => pipelineStatus(client, ledger, name),
        ended: ({ workflow }) => workflow !== 'running',
        screen: statusText,
        line: progressLine,
        signal,
      }),
    ),
  );
  if (signal.aborted) note(`\nthe pipeline goes on; see: tracemill pipeline status ${name}`);
  else if (status.workflow !== 'completed') process.exitCode = exitCodes.failed;
  return status;
}
