import { Command, type CommandUnknownOpts } from '@commander-js/extra-typings';
import { commands } from './commands.ts';
import { version } from '../platform/version.ts';

/** Loads only the command that is asked for; the others are names, for help and suggestions. */
export async function buildProgram(args: readonly string[]): Promise<CommandUnknownOpts> {
  const program: CommandUnknownOpts = new Command('tracemill')
    .description('Turns pull requests into verified, audited agent trajectories, durably.')
    .version(version, '-V, --version')
    .option('--json', 'print the result as JSON on standard output')
    .addHelpText('after', closing)
    .exitOverride();
  const operands = args.filter((arg) => !arg.startsWith('-'));
  const named = operands[0] === 'help' ? operands[1] : operands[0];
  const completing = named === 'complete' || named === 'completion';
  for (const { name, summary, load } of commands) {
    const loaded = completing || name === named;
    const command: CommandUnknownOpts = loaded ? (await load()).summary(summary) : new Command(name).description(summary);
    // Next to a completion there is room for a few words only.
    program.addCommand(completing ? command.description(summary) : command);
  }
  if (completing) await addCompletion(program);
  else program.addCommand(new Command('completion').description('print a completion script for your shell'));
  inheritSettings(program);
  return program;
}

async function addCompletion(program: CommandUnknownOpts): Promise<void> {
  const { default: tab } = await import('@bomb.sh/tab/commander');
  const { Command: UntypedCommand } = await import('commander');
  // One class with two type declarations; the check shows that to the compiler.
  if (program instanceof UntypedCommand) tab(program, { completionCommandName: 'completion' });
}

/** Commands that are built alone lack `exitOverride`. */
function inheritSettings(parent: CommandUnknownOpts): void {
  for (const command of parent.commands) {
    command.copyInheritedSettings(parent);
    inheritSettings(command);
  }
}

const closing = `
Examples:
  $ tracemill up
  $ tracemill doctor
  $ tracemill doctor --json

Exit codes: 0 done, 1 the work failed, 2 wrong usage, 3 not found, 4 infrastructure,
5 an invalid evaluation, 130 interrupted.
Results go to standard output, everything else to standard error.`;
