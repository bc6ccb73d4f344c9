import { readFile } from 'node:fs/promises';
import { text } from 'node:stream/consumers';
import { Command } from '@commander-js/extra-typings';
import { normaliseStatuses, parseLog, parserNames } from '../activities/verification/index.ts';
import { messageOf, Problem } from '../schemas/problem.ts';
import { printResult } from './output.ts';

/** `tracemill parse-log --parser NAME FILE`: name → status as JSON. */
export function parseLogCommand() {
  return new Command('parse-log')
    .description('Reads a test log with one of the log parsers and prints each test with its status, as JSON.')
    .argument('[file]', 'the log: stdout of the tests, then their stderr; - or nothing for standard input', '-')
    .option('-p, --parser <name>', "SWE-rebench-V2's name, or swebench: and SWE-bench's name or repository")
    .option('--normalise', 'names without durations, as they are compared', false)
    .option('--list', 'print the names of all parsers', false)
    .addHelpText(
      'after',
      '\nExamples:\n  $ tracemill parse-log --parser parse_log_pytest pytest.log\n  $ go test -v ./... | tracemill parse-log --parser parse_log_gotest\n  $ tracemill parse-log --parser swebench:django/django test_output.txt',
    )
    .action(async (file, { parser, normalise, list }, command) => {
      if (list) {
        printResult(command, parserNames(), () => parserNames().join('\n'));
        return;
      }
      if (parser === undefined)
        throw new Problem('bad_arguments', 'no parser was named', { hint: 'give --parser NAME; --list shows all names' });
      const parsed = parseLog(parser, await readLog(file));
      if (!parsed.ok) {
        throw new Problem(parsed.reason, parsed.detail, {
          hint:
            parsed.reason === 'unknown_parser'
              ? 'tracemill parse-log --list shows all names'
              : 'the original parser breaks on this log too',
        });
      }
      const statuses = Object.fromEntries(normalise ? normaliseStatuses(parsed.statuses) : parsed.statuses);
      printResult(command, statuses, () => JSON.stringify(statuses, null, 2));
    });
}

/** Bytes that are no UTF-8 become replacement characters. */
async function readLog(file: string): Promise<string> {
  try {
    return file === '-' ? await text(process.stdin) : await readFile(file, 'utf8');
  } catch (cause) {
    throw new Problem('log_unreadable', `${file}: ${messageOf(cause)}`, { cause });
  }
}
