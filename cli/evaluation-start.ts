import { Command } from '@commander-js/extra-typings';
import type { EvaluationFile } from '../schemas/evaluation.ts';
import type { EvaluationStatus } from '../schemas/evaluation-status.ts';
import { evaluationLine, evaluationText, planText } from './evaluation-view.ts';
import { exitCodes } from './exit-codes.ts';
import { interruption } from './interrupt.ts';
import { note, printResult, wantsJson } from './output.ts';
import { withRecords } from './records.ts';
import { watch } from './watch.ts';

export function startCommand() {
  return new Command('start')
    .description('Measures a model on a benchmark, or goes on with it: what is finished stays, what was lost runs again.')
    .argument('<file>', 'evaluation file (YAML)')
    .option('--wait', 'show progress and return when it has ended')
    .option('--dry-run', 'read everything, say what would run, start nothing')
    .addHelpText(
      'after',
      `
Examples:
  $ tracemill evaluation start evaluation.yaml
  $ tracemill evaluation start evaluation.yaml --wait
  $ tracemill evaluation start evaluation.yaml --dry-run --json

Exit code 1 with --wait when it did not end well. Its rollouts are those of campaign evaluation.NAME, which takes every
command of campaigns: tracemill campaign pause evaluation.NAME.`,
    )
    .action(async (path, { wait = false, dryRun = false }, command) => {
      const [{ readEvaluationFile }, { planningNeeds }] = await Promise.all([
        import('../activities/evaluation/index.ts'),
        import('../workers/planning-needs.ts'),
      ]);
      const file = await readEvaluationFile(path, planningNeeds.harnesses);
      if (dryRun) {
        const plan = await dryPlan(file);
        if (!wantsJson(command)) note(planText(plan));
        const { benchmark, checkpoint, notes, inputs_sha256 } = plan;
        printResult(command, { evaluation: file.name, benchmark, checkpoint, notes, inputs_sha256, started: false }, 'nothing was started');
        return;
      }
      const result = await start(file);
      const words = { started: `evaluation ${file.name} is under way`, running: `evaluation ${file.name} runs already` };
      if (!wait) {
        printResult(
          command,
          { evaluation: file.name, result },
          `${words[result]}\nfollow it: tracemill evaluation status ${file.name} --watch`,
        );
        return;
      }
      note(words[result]);
      const status = await follow(file.name);
      printResult(command, status, () => evaluationText(status));
    });
}

async function dryPlan(file: EvaluationFile) {
  const [{ readEvaluation }, { evaluationNeeds }, { dockerEngine }, { paths }] = await Promise.all([
    import('../activities/evaluation/index.ts'),
    import('../workers/evaluation-needs.ts'),
    import('../activities/engine/docker-engine.ts'),
    import('../platform/home.ts'),
  ]);
  const signal = interruption();
  const parts = { engine: dockerEngine(), paths, variable: (name: string) => process.env[name] };
  return await withRecords((stores) => readEvaluation(file, evaluationNeeds({ ...stores, ...parts }), { signal, tell: note }));
}

async function start(file: EvaluationFile): Promise<'started' | 'running'> {
  const [{ startEvaluation }, { withClient }, { ensureTemporal }] = await Promise.all([
    import('../client/start-evaluation.ts'),
    import('../client/connect.ts'),
    import('../infra/temporal.ts'),
  ]);
  await ensureTemporal();
  const storeId = await withRecords(({ store }) => store.id());
  return await withClient((client) => startEvaluation(client, storeId, file));
}

/** Shows progress until the evaluation has ended and sets the exit code by its result. Ctrl-C stops the display alone. */
export async function follow(name: string): Promise<EvaluationStatus> {
  const [{ withClient }, { evaluationStatus }] = await Promise.all([
    import('../client/connect.ts'),
    import('../client/evaluation-status.ts'),
  ]);
  const signal = interruption();
  const status = await withClient((client) =>
    withRecords(({ ledger }) =>
      watch({
        read: () => evaluationStatus(client, ledger, name),
        ended: ({ workflow }) => workflow !== 'running',
        screen: evaluationText,
        line: evaluationLine,
        signal,
      }),
    ),
  );
  if (signal.aborted) note(`\nthe evaluation goes on; see: tracemill evaluation status ${name}`);
  else if (status.workflow !== 'completed') process.exitCode = exitCodes.failed;
  return status;
}
