import { Command } from '@commander-js/extra-typings';
import { printResult } from './output.ts';
import { port } from './port.ts';

/** `tracemill up`: starts the Temporal server unless it runs. */
export function upCommand() {
  return new Command('up')
    .description(
      'Starts the Temporal server of this home unless it runs, on the file and port of its last time, and prepares its namespace. Fetches the Temporal CLI where there is none.',
    )
    .option('--ui-port <port>', 'serve Temporal’s own web UI on this port of the loopback interface', port)
    .addHelpText(
      'after',
      '\nExamples:\n  $ tracemill up\n  $ tracemill up --ui-port 8233\n\nWhere TEMPORAL_ADDRESS or a profile of Temporal’s own configuration file names a server, nothing is started; its namespace\nis checked.',
    )
    .action(async ({ uiPort }, command) => {
      const [{ ensureTemporal }, { describeServer }] = await Promise.all([
        import('../infra/temporal.ts'),
        import('../platform/temporal/server.ts'),
      ]);
      const server = await ensureTemporal(uiPort === undefined ? {} : { uiPort });
      const { address, namespace, started, ui } = server;
      const web = ui === undefined ? '' : `, web UI at ${ui}`;
      printResult(
        command,
        { address, namespace, tls: server.access.tls !== false, started, ...(ui !== undefined && { ui }) },
        `temporal    ${describeServer(server)} ${started ? 'started' : 'runs already'}${web}`,
      );
    });
}
