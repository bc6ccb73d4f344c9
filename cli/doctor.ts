import { styleText } from 'node:util';
import { Command } from '@commander-js/extra-typings';
import { exitCodes } from './exit-codes.ts';
import { printResult } from './output.ts';
import { table } from './table.ts';

const colours = { ok: 'green', warning: 'yellow', missing: 'red' } as const;

/** `tracemill doctor`: exits with 0 only when everything needed is there. */
export function doctorCommand() {
  return new Command('doctor')
    .description('Shows the state of each part and how to fix it. Changes nothing.')
    .addHelpText('after', '\nExamples:\n  $ tracemill doctor\n  $ tracemill doctor --json\n\nExit code 4 when something needed is missing.')
    .action(async (_options, command) => {
      const { examine } = await import('../infra/doctor.ts');
      const checks = await examine();
      const ready = checks.every(({ state }) => state !== 'missing');
      printResult(command, { ready, checks }, () =>
        table(checks, [
          { title: 'part', value: ({ part }) => part },
          { title: 'state', value: ({ state }) => styleText(colours[state], state, { stream: process.stdout }) },
          { title: 'detail', value: ({ detail, fix }) => (fix === undefined ? detail : `${detail} → ${fix}`) },
        ]),
      );
      if (!ready) process.exitCode = exitCodes.infrastructure;
    });
}
