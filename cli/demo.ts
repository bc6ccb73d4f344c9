import { Command, type CommandUnknownOpts } from '@commander-js/extra-typings';
import { localStore } from '../activities/artifacts/local-store.ts';
import { openLocalLedger } from '../activities/ledger/local/local-ledger.ts';
import { demoCampaignName } from '../demo/demo-campaign.ts';
import type { DemoOptions } from '../demo/run-demo.ts';
import { paths } from '../platform/home.ts';
import { messageOf, Problem } from '../schemas/problem.ts';
import { usualPort } from '../web/server/live/page-address.ts';
import { interruption } from './interrupt.ts';
import { note, printResult } from './output.ts';
import { fates } from './verdicts.ts';

/** `tracemill demo`: the whole way, from packages of real registries to a release, with a scripted teacher. */
export function demoCommand() {
  return new Command('demo')
    .description('Runs the whole pipeline on real repositories with a scripted teacher: tasks, rollouts, tests, filters, scanner, release.')
    .option('--full', 'also train a small student on the release, serve it, and evaluate it and the teacher')
    .option('--task <id...>', 'only these of its tasks; they are listed while they are made')
    .option('--keep-running', 'leave server, worker, gateway and teacher running afterwards')
    .option('--latency <ms>', 'how long the teacher takes to answer', '60')
    .addHelpText(
      'after',
      '\nExamples:\n  $ tracemill demo\n  $ tracemill demo --keep-running\n  $ tracemill demo --full\n  $ tracemill demo --task martinblech__xmltodict-0.14.2\n\nAn interrupted demo goes on where it was. While it runs, in another terminal:\n  $ tracemill campaign status demo --watch\n  $ tracemill task show demo martinblech__xmltodict-0.14.2',
    )
    .action(async ({ full = false, task: only, keepRunning = false, latency }, command) => {
      const { planningNeeds: planning } = await import('../workers/planning-needs.ts');
      const options = { planning, ...(only && { only }), keepRunning, latencyMs: Number(latency), tell: note, signal: interruption() };
      const pages = await demoPages();
      try {
        await run({ full, command, options });
      } finally {
        await pages?.close();
      }
    });
}

/** Serves the pages while the demo runs. It goes on without them where they cannot be served. */
async function demoPages(): Promise<{ close(): Promise<void> } | undefined> {
  const { servePages } = await import('../web/server/live/serve-pages.ts');
  const records = { ledger: openLocalLedger(paths.ledger()), store: localStore(paths.store()) };
  try {
    const at = (port: number) => servePages(records, { host: '127.0.0.1', port, token: null, names: [], readOnly: false, listed: false });
    // A page that stayed open finds the next demo at the same address, unless somebody else listens there.
    const serving = await at(usualPort).catch(async (error: unknown) => {
      if (error instanceof Problem && error.code === 'port_taken') return await at(0);
      throw error;
    });
    note(`watch it as it runs: ${serving.url}#/campaigns/${demoCampaignName}\nafterwards: tracemill web`);
    return {
      close: async () => {
        await serving.close();
        await records.ledger.close();
      },
    };
  } catch (error) {
    note(`no pages for this demo: ${messageOf(error)}`);
    await records.ledger.close();
    return undefined;
  }
}
async function run({ full, command, options }: { full: boolean; command: CommandUnknownOpts; options: DemoOptions }): Promise<void> {
  if (full) {
    const { runFullDemo } = await import('../demo/run-full-demo.ts');
    const whole = await runFullDemo(options);
    const page = whole.page === null ? '' : `\nas a page: ${whole.page}`;
    printResult(command, whole, () => `${whole.report}${page}`);
    if (!whole.complete) process.exitCode = 1;
    return;
  }
  const { runDemo } = await import('../demo/run-demo.ts');
  const result = await runDemo(options);
  printResult(command, result, () => `${fates(result.rows)}\n\n${result.summary}`);
  if (!result.complete) process.exitCode = 1;
}
