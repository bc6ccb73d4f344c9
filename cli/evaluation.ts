import { Command } from '@commander-js/extra-typings';
import { acceptCommand } from './evaluation-accept.ts';
import { calibrateCommand } from './evaluation-calibrate.ts';
import { checkCommand } from './evaluation-check.ts';
import { compareCommand } from './evaluation-compare.ts';
import { recomputeCommand } from './evaluation-recompute.ts';
import { reportCommand } from './evaluation-report.ts';
import { startCommand } from './evaluation-start.ts';
import { cancelCommand, listCommand, showCommand, statusCommand } from './evaluation-status.ts';

/** `tracemill evaluation`: students measured on benchmarks. */
export function evaluationCommand() {
  return new Command('evaluation')
    .description('Measures students on benchmarks, reports on them, compares them, and checks them for regressions.')
    .addCommand(startCommand())
    .addCommand(listCommand())
    .addCommand(statusCommand())
    .addCommand(cancelCommand())
    .addCommand(showCommand())
    .addCommand(reportCommand())
    .addCommand(compareCommand())
    .addCommand(checkCommand())
    .addCommand(acceptCommand())
    .addCommand(calibrateCommand())
    .addCommand(recomputeCommand());
}
