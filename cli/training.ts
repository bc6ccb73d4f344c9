import { Command } from '@commander-js/extra-typings';
import { Problem } from '../schemas/problem.ts';
import type { TrainingFile } from '../schemas/training.ts';
import type { TrainingStart } from '../schemas/training-run.ts';
import type { TrainingStatus } from '../schemas/training-status.ts';
import { exitCodes } from './exit-codes.ts';
import { interruption } from './interrupt.ts';
import { note, printResult } from './output.ts';
import { withRecords } from './records.ts';
import { table } from './table.ts';
import { dryRunOf, dryRunText } from './training-dry-run.ts';
import { progressLine, recordText, statusText } from './training-view.ts';
import { watch } from './watch.ts';

/** `tracemill training`: students made from a release. */
export function trainingCommand() {
  return new Command('training')
    .description('Trains students on a release, by the trainer and on the backend that a training file names.')
    .addCommand(startCommand())
    .addCommand(listCommand())
    .addCommand(statusCommand())
    .addCommand(showCommand())
    .addCommand(cancelCommand());
}

function startCommand() {
  return new Command('start')
    .description('Trains the variants of a file, or goes on with them: what is finished on the same inputs is not trained again.')
    .argument('<file>', 'training file (YAML)')
    .option('--variant <name...>', 'only these variants')
    .option('--wait', 'show progress and return when they have ended')
    .option('--dry-run', 'read everything, count rows and tokens, show needs and configuration, start nothing')
    .addHelpText(
      'after',
      `
Examples:
  $ tracemill training start training.yaml
  $ tracemill training start training.yaml --variant full --variant python-only --wait
  $ tracemill training start training.yaml --dry-run

Exit code 1 with --wait when a training failed or was cancelled. The trainings go on after Ctrl-C.`,
    )
    .action(async (path, { variant: chosen, wait = false, dryRun = false }, command) => {
      const { readTrainingFile } = await import('../activities/training/index.ts');
      const needs = await trainingNeeds();
      const file = await readTrainingFile(path, needs.trainers);
      const starts = chosenVariants(file, chosen).map((variant): TrainingStart => ({ file, variant }));
      if (dryRun) {
        const signal = interruption();
        const runs = await withRecords(async ({ ledger, store }) => {
          const all = [];
          for (const start of starts) all.push(await dryRunOf(start, { ...needs, ledger, store }, { signal, onProgress: note }));
          return all;
        });
        printResult(
          command,
          { training: file.name, variants: runs, started: false },
          () => `${runs.map(dryRunText).join('\n\n')}\n\nnothing was started`,
        );
        return;
      }
      const started = await startAll(starts);
      const text = started.map(
        ({ variant, result }) => `training ${file.name}/${variant} ${result === 'started' ? 'is under way' : 'runs already'}`,
      );
      if (!wait) {
        printResult(
          command,
          { training: file.name, variants: started },
          `${text.join('\n')}\nfollow it: tracemill training status ${file.name} --watch`,
        );
        return;
      }
      note(text.join('\n'));
      const states = await follow(started.map(({ variant }) => ({ training: file.name, variant })));
      printResult(command, { training: file.name, variants: states }, () => states.map(statusText).join('\n\n'));
    });
}

/** Trainers, backends and folders of this home. */
async function trainingNeeds() {
  const { trainingParts } = await import('../workers/training-parts.ts');
  return trainingParts();
}

function chosenVariants(file: TrainingFile, chosen: readonly string[] | undefined): string[] {
  const names = Object.keys(file.variants);
  for (const name of chosen ?? []) {
    if (names.includes(name)) continue;
    throw new Problem('unknown_variant', `training ${file.name} has no variant ${name}`, { hint: `it has ${names.join(', ')}` });
  }
  return chosen === undefined ? names : [...chosen];
}

async function startAll(starts: readonly TrainingStart[]): Promise<{ variant: string; result: 'started' | 'running' }[]> {
  const [{ startTraining }, { withClient }, { ensureTemporal }] = await Promise.all([
    import('../client/training.ts'),
    import('../client/connect.ts'),
    import('../infra/temporal.ts'),
  ]);
  await ensureTemporal();
  const storeId = await withRecords(({ store }) => store.id());
  return await withClient(async (client) => {
    const started = [];
    for (const start of starts) started.push({ variant: start.variant, result: (await startTraining(client, storeId, start)).result });
    return started;
  });
}

interface Named {
  training: string;
  variant: string;
}

/** Shows progress until all have ended and sets the exit code by their results. Ctrl-C stops the display, not the trainings. */
async function follow(ids: readonly Named[]): Promise<TrainingStatus[]> {
  const [{ withClient }, { trainingStatus }] = await Promise.all([import('../client/connect.ts'), import('../client/training-status.ts')]);
  const signal = interruption();
  const states = await withClient((client) =>
    watch({
      read: () => Promise.all(ids.map((id) => trainingStatus(client, id))),
      ended: (all) => all.every(({ workflow }) => workflow !== 'running'),
      screen: (all) => all.map(statusText).join('\n\n'),
      line: (all) => all.map(progressLine).join('\n'),
      signal,
    }),
  );
  if (signal.aborted) note(`\nthe trainings go on; see: tracemill training status ${ids[0]?.training ?? ''}`);
  else if (states.some(({ workflow }) => workflow !== 'completed')) process.exitCode = exitCodes.failed;
  return states;
}

function listCommand() {
  return new Command('list')
    .description('Lists trainings: those on record with what they made, and those that run.')
    .addHelpText('after', '\nExamples:\n  $ tracemill training list\n  $ tracemill training list --json')
    .action(async (_options, command) => {
      const { listTrainings } = await import('./training-list.ts');
      const trainings = await listTrainings();
      printResult(command, trainings, () =>
        trainings.length === 0
          ? 'no training was started yet'
          : table(trainings, [
              { title: 'training', value: ({ name }) => name },
              { title: 'state', value: ({ state }) => state },
              { title: 'finished', value: ({ recorded_at }) => recorded_at },
              { title: 'steps', value: ({ steps }) => steps, align: 'right' },
              { title: 'last loss', value: ({ last_loss }) => last_loss, align: 'right' },
              { title: 'model', value: ({ folder }) => folder },
            ]),
      );
    });
}

function statusCommand() {
  return new Command('status')
    .description('Shows where the variants of a training stand: step, loss, checkpoint, state of the job, live, and what ended it before.')
    .argument('<name>', 'name of the training, or name/variant')
    .option('--watch', 'keep showing it until all have ended')
    .addHelpText(
      'after',
      '\nExamples:\n  $ tracemill training status coder-study\n  $ tracemill training status coder-study/full --watch\n  $ tracemill training status coder-study --json',
    )
    .action(async (name, { watch: keep = false }, command) => {
      const ids = await idsOf(name);
      const [{ withClient }, { trainingStatus }] = await Promise.all([
        import('../client/connect.ts'),
        import('../client/training-status.ts'),
      ]);
      const states = keep ? await follow(ids) : await withClient((client) => Promise.all(ids.map((id) => trainingStatus(client, id))));
      printResult(command, { training: ids[0]?.training, variants: states }, () => states.map(statusText).join('\n\n'));
    });
}

/** Variants of a training that the server knows, or the one that is named. Throws `Problem` training_not_found. */
async function idsOf(name: string): Promise<Named[]> {
  const [training = '', variant] = name.split('/');
  if (variant !== undefined) return [{ training, variant }];
  const [{ withClient }, { knownTrainings }] = await Promise.all([import('../client/connect.ts'), import('../client/training-status.ts')]);
  const storeId = await withRecords(({ store }) => store.id());
  const ids = await withClient((client) => knownTrainings(client, storeId, training));
  if (ids.length > 0) return ids;
  throw new Problem('training_not_found', `no training called ${training} was started`, { hint: 'see: tracemill training list' });
}

function showCommand() {
  return new Command('show')
    .description('Shows the checkpoint record of a finished training: model, data, template, job, losses.')
    .argument('<name/variant>', 'training and variant')
    .option('--curve <file>', 'also write the loss curve, as SVG')
    .addHelpText(
      'after',
      '\nExamples:\n  $ tracemill training show coder-study/full\n  $ tracemill training show coder-study/full --curve loss.svg\n  $ tracemill training show coder-study/full --json',
    )
    .action(async (name, { curve }, command) => {
      const [{ getJson }, { CheckpointRecord }] = await Promise.all([
        import('../activities/artifacts/store.ts'),
        import('../schemas/training.ts'),
      ]);
      const { record, runs } = await withRecords(async ({ ledger, store }) => {
        const history = await ledger.runHistory('training', name);
        const newest = history.at(-1);
        if (newest === undefined) {
          throw new Problem('training_not_found', `no finished training ${name} is on record`, { hint: 'see: tracemill training list' });
        }
        return {
          record: await getJson(store, newest.record, CheckpointRecord),
          runs: history.map(({ record: { sha256 }, recorded_at }) => ({ sha256, recorded_at })),
        };
      });
      if (curve !== undefined) {
        const [{ curveOf }, { writeFile }] = await Promise.all([import('../activities/training/index.ts'), import('node:fs/promises')]);
        await writeFile(curve, curveOf(record));
      }
      printResult(command, { ...record, runs }, () => recordText(record, runs));
    });
}

function cancelCommand() {
  return new Command('cancel')
    .description('Cancels a training and its job, which gets the time to write a checkpoint. Started again, it goes on from there.')
    .argument('<name/variant>', 'training and variant')
    .addHelpText('after', '\nExamples:\n  $ tracemill training cancel coder-study/full')
    .action(async (name, _options, command) => {
      const [training = '', variant = ''] = name.split('/');
      const [{ withClient }, { cancelTraining }] = await Promise.all([
        import('../client/connect.ts'),
        import('../client/training-status.ts'),
      ]);
      const storeId = await withRecords(({ store }) => store.id());
      await withClient((client) => cancelTraining(client, storeId, { training, variant }));
      printResult(
        command,
        { training, variant, cancelled: true },
        `training ${name} is being cancelled\nsee: tracemill training status ${name}`,
      );
    });
}
