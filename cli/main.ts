import { enableCompileCache } from 'node:module';
import { dirname } from 'node:path';
import { CommanderError } from '@commander-js/extra-typings';
import { exitCodeOf, exitCodes } from './exit-codes.ts';
import { wasInterrupted } from './interrupt.ts';
import { buildProgram } from './program.ts';
import { reportError } from './report-error.ts';

/** Runs the command line; gives the exit code. */
async function main(args: readonly string[]): Promise<number> {
  const program = await buildProgram(args);
  try {
    await program.parseAsync(args, { from: 'user' });
    return wasInterrupted() ? exitCodes.interrupted : Number(process.exitCode ?? exitCodes.ok);
  } catch (error) {
    // Commander has printed help or what is wrong with the command line already.
    if (error instanceof CommanderError) return error.exitCode === 0 ? exitCodes.ok : exitCodes.usage;
    if (wasInterrupted()) return exitCodes.interrupted;
    reportError(error, args.includes('--json'));
    return exitCodeOf(error);
  }
}

const { directory: compiled } = enableCompileCache();
// As bin/tracemill does, for a start of this file alone: a thread finds the cache by this variable.
if (compiled !== undefined) process.env['NODE_COMPILE_CACHE'] ??= dirname(compiled);
// A reader such as head may close the pipe early: that is no error.
process.stdout.on('error', (error: NodeJS.ErrnoException) => process.exit(error.code === 'EPIPE' ? 0 : 1));
process.exitCode = await main(process.argv.slice(2));
