import { Command } from '@commander-js/extra-typings';
import { printResult } from './output.ts';

/** `tracemill down`: stops what this home started in the background. */
export function downCommand() {
  return new Command('down')
    .description('Stops the workers, the gateway and the Temporal server that this home started. What they keep on disk stays.')
    .option('--engine', 'stop the container engine too, if the bootstrap of this home started it; its containers end with it')
    .addHelpText(
      'after',
      '\nExamples:\n  $ tracemill down\n  $ tracemill down --engine\n\nA gateway that still waits for replies, or holds some that no worker has journalled, goes on until the next worker has\nthem, so that nothing is paid twice. `tracemill gateway stop` ends it at once.',
    )
    .action(async ({ engine = false }, command) => {
      const { stopAll } = await import('../infra/stop-all.ts');
      const stopped = await stopAll({ engine });
      printResult(command, stopped, () => {
        if (stopped.length === 0) return 'nothing was running';
        return stopped.map(({ name, pid, outcome }) => `${name.padEnd(12)}pid ${pid} ${outcome.replace('_', ' ')}`).join('\n');
      });
    });
}
