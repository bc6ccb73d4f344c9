import { Command } from '@commander-js/extra-typings';
import { acceptCommand } from './evaluation-accept.ts';
import { calibrateCommand } from './evaluation-calibrate.ts';
import { checkCommand } from './evaluation-check.ts';
import { compareCommand } from './evaluation-compare.ts';
import { recomputeCommand } from './evaluation-recompute.ts';
import { reportCommand } from './evaluation-report.ts';

/** `tracemill evaluation`: students measured on benchmarks. */
export function evaluationCommand() {
  return new Command('evaluation')
    .description('Reports on evaluations, compares them, and checks them for regressions.')
    .addCommand(reportCommand())
    .addCommand(compareCommand())
    .addCommand(checkCommand())
    .addCommand(acceptCommand())
    .addCommand(calibrateCommand())
    .addCommand(recomputeCommand());
}
