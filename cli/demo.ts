import { Command } from '@commander-js/extra-typings';
import type { FoundRow } from '../demo/final-table.ts';
import { interruption } from './interrupt.ts';
import { note, printResult } from './output.ts';
import { table } from './table.ts';

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
    });
}

function fates(rows: FoundRow[]): string {
  return table(rows, [
    { title: 'task', value: ({ task }) => task },
    { title: 'language', value: ({ language }) => language },
    { title: 'harness', value: ({ harness }) => harness },
    { title: 'mode', value: ({ mode }) => mode },
    { title: 'turns', value: ({ turns }) => turns, align: 'right' },
    { title: 'ending', value: ({ ending }) => ending },
    { title: 'resolved', value: ({ resolved }) => resolved, align: 'right' },
    { title: 'fate', value: ({ fate }) => fate },
    { title: 'row', value: ({ id }) => id.slice(0, 8) },
  ]);
}
