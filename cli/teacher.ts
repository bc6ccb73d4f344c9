import { Command, InvalidArgumentError } from '@commander-js/extra-typings';
import { Misbehaviour } from '../schemas/teacher-script.ts';
import { Problem } from '../schemas/problem.ts';
import { interruption } from './interrupt.ts';
import { note, printResult } from './output.ts';
import { checkCommand } from './teacher-check.ts';

/** `tracemill teacher`: what a campaign needs of its teachers, and a scripted one to try campaigns with. */
export function teacherCommand() {
  return new Command('teacher')
    .description('Checks teachers, and serves a scripted OpenAI-compatible one, which can misbehave on demand.')
    .addCommand(checkCommand())
    .addCommand(serveCommand());
}

function serveCommand() {
  return new Command('serve')
    .description('Serves chat completions from scripts until it is interrupted. Its answers only depend on script and request.')
    .requiredOption('--script <file...>', 'YAML or JSON files with scripts; the first script that matches a request answers it')
    .option('--host <address>', 'address to listen on', '127.0.0.1')
    .option('--port <number>', 'port to listen on; 0 takes a free one', wholeNumber, 0)
    .option('--log <file>', 'append a JSON line for every request and its end')
    .option('--fsync', 'flush each line of the log to disk')
    .option('--api-key-env <name>', 'environment variable that holds the key requests must carry')
    .option('--latency <ms>', 'wait before the first token', decimal, 0)
    .option('--tokens-per-second <number>', 'speed of answers; unlimited by default', decimal)
    .option('--chaos <kind=probability...>', `random trouble: ${kinds.join(', ')}`, probability, {})
    .option('--chaos-attempts <number>', 'most attempts of one exchange that get random trouble', wholeNumber, 2)
    .option('--quirks <probability>', 'of each odd form in which servers put whole answers', chance)
    .option('--seed <text>', 'seed of the random trouble', 'tracemill')
    .addHelpText(
      'after',
      '\nExamples:\n  $ tracemill teacher serve --script teacher.yaml --port 8700 --log teacher.jsonl\n  $ tracemill teacher serve --script teacher.yaml --chaos rate_limited=0.1 --chaos cut_stream=0.05 --seed 7\n  $ tracemill teacher serve --script teacher.yaml --quirks 0.1 --chaos error_in_200=0.05',
    )
    .action(async (options, command) => {
      const [{ loadScripts }, { startTeacher }] = await Promise.all([
        import('../demo/scripted-teacher/load-scripts.ts'),
        import('../demo/scripted-teacher/server.ts'),
      ]);
      const stopped = interruption();
      const teacher = await startTeacher({
        scripts: loadScripts(options.script),
        host: options.host,
        port: options.port,
        latencyMs: options.latency,
        fsync: options.fsync ?? false,
        chaos: {
          seed: options.seed,
          probabilities: options.chaos,
          maxAttempts: options.chaosAttempts,
          tokensPerSecond: 5,
          ...(options.quirks !== undefined && { quirks: options.quirks }),
        },
        ...(options.log === undefined ? {} : { logFile: options.log }),
        ...(options.apiKeyEnv === undefined ? {} : { apiKey: keyIn(options.apiKeyEnv) }),
        ...(options.tokensPerSecond === undefined ? {} : { tokensPerSecond: options.tokensPerSecond }),
      });
      printResult(command, { url: teacher.url, port: teacher.port, pid: process.pid }, `the teacher answers at ${teacher.url}`);
      // The server keeps the process alive until then.
      if (!stopped.aborted) await new Promise((resolve) => stopped.addEventListener('abort', resolve, { once: true }));
      await teacher.close();
      note('the teacher has stopped');
    });
}

const kinds = Misbehaviour.options.map((option) => option.shape.kind.value);

function keyIn(variable: string): string {
  const value = process.env[variable];
  if (value !== undefined && value !== '') return value;
  throw new Problem('unknown_key_variable', `${variable} is not set`, { hint: 'export it, or leave --api-key-env out' });
}

function wholeNumber(text: string): number {
  if (!/^\d+$/.test(text)) throw new InvalidArgumentError('not a whole number');
  return Number(text);
}

function decimal(text: string): number {
  const value = Number(text);
  if (text.trim() === '' || !Number.isFinite(value) || value < 0) throw new InvalidArgumentError('not a number from 0');
  return value;
}

type Probabilities = Partial<Record<Misbehaviour['kind'], number>>;

function probability(text: string, before: Probabilities): Probabilities {
  const [name, likely] = text.split('=');
  const kind = kinds.find((known) => known === name);
  if (kind === undefined) throw new InvalidArgumentError(`the kinds are ${kinds.join(', ')}`);
  return { ...before, [kind]: chance(likely ?? '') };
}

function chance(text: string): number {
  const value = decimal(text);
  if (value > 1) throw new InvalidArgumentError('a probability is at most 1');
  return value;
}
