import { Command } from '@commander-js/extra-typings';
import { follow } from './evaluation-start.ts';
import { evaluationText, recordText } from './evaluation-view.ts';
import { printResult } from './output.ts';
import { withRecords } from './records.ts';
import { table } from './table.ts';

export function listCommand() {
  return new Command('list')
    .description('Lists the evaluations of this home.')
    .addHelpText('after', '\nExamples:\n  $ tracemill evaluation list\n  $ tracemill evaluation list --json')
    .action(async (_options, command) => {
      const [{ withClient }, { listEvaluations }, { knownServer }] = await Promise.all([
        import('../client/connect.ts'),
        import('../client/evaluation-list.ts'),
        import('../platform/temporal/known-server.ts'),
      ]);
      const evaluations = await withRecords(async ({ ledger, store }) => {
        const storeId = await store.id();
        // What the ledger knows needs no server.
        if (knownServer() === undefined) return await listEvaluations(undefined, storeId, ledger);
        return await withClient((client) => listEvaluations(client, storeId, ledger));
      });
      printResult(command, evaluations, () =>
        evaluations.length === 0
          ? 'no evaluation was started yet'
          : table(evaluations, [
              { title: 'evaluation', value: ({ evaluation }) => evaluation },
              { title: 'run', value: ({ workflow }) => workflow },
              { title: 'recorded', value: ({ recorded_at }) => recorded_at },
            ]),
      );
    });
}

export function statusCommand() {
  return new Command('status')
    .description('Shows where an evaluation stands: its step, its server, the canary, and its rollouts, live.')
    .argument('<name>', 'name of the evaluation')
    .option('--watch', 'keep showing it until it has ended')
    .addHelpText(
      'after',
      '\nExamples:\n  $ tracemill evaluation status coder-verified\n  $ tracemill evaluation status coder-verified --watch\n  $ tracemill evaluation status coder-verified --json',
    )
    .action(async (name, { watch: keep = false }, command) => {
      const status = keep ? await follow(name) : await read(name);
      printResult(command, status, () => evaluationText(status));
    });
}

async function read(name: string) {
  const [{ withClient }, { evaluationStatus }] = await Promise.all([
    import('../client/connect.ts'),
    import('../client/evaluation-status.ts'),
  ]);
  return await withClient((client) => withRecords(({ ledger }) => evaluationStatus(client, ledger, name)));
}

export function cancelCommand() {
  return new Command('cancel')
    .description('Stops an evaluation with its rollouts and its server. What is finished stays; another start goes on.')
    .argument('<name>', 'name of the evaluation')
    .addHelpText('after', '\nExamples:\n  $ tracemill evaluation cancel coder-verified')
    .action(async (name, _options, command) => {
      const [{ withClient }, { cancelEvaluation }] = await Promise.all([
        import('../client/connect.ts'),
        import('../client/start-evaluation.ts'),
      ]);
      const storeId = await withRecords(({ store }) => store.id());
      await withClient((client) => cancelEvaluation(client, storeId, name));
      printResult(command, { evaluation: name, cancelled: true }, `evaluation ${name} is being cancelled`);
    });
}

export function showCommand() {
  return new Command('show')
    .description('Shows the record of an evaluation that has ended: what was measured, how, and what became of every rollout.')
    .argument('<name>', 'name of the evaluation')
    .addHelpText('after', '\nExamples:\n  $ tracemill evaluation show coder-verified\n  $ tracemill evaluation show coder-verified --json')
    .action(async (name, _options, command) => {
      const { storedEvaluation } = await import('../activities/evaluation/index.ts');
      const { record } = await withRecords((stores) => storedEvaluation(name, stores));
      printResult(command, record, () => recordText(record));
    });
}
