import { readFile } from 'node:fs/promises';
import { text } from 'node:stream/consumers';
import { Command } from '@commander-js/extra-typings';
import { normaliseStatuses, parseLog, parserNames, readLog } from '../activities/verification/index.ts';
import { messageOf, Problem } from '../schemas/problem.ts';
import { printResult } from './output.ts';

/** `tracemill parse-log --parser NAME FILE`: name → status as JSON. */
export function parseLogCommand() {
  return new Command('parse-log')
    .description('Reads a test log with one of the log parsers and prints each test with its status, as JSON.')
    .argument('[file]', 'the log: stdout of the tests, then their stderr; - or nothing for standard input', '-')
    .option('-p, --parser <name>', "SWE-rebench-V2's name, or swebench: and SWE-bench's name or repository")
    .option('--normalise', 'names without durations, as they are compared', false)
    .option('--ambiguous', 'print where the tool may have said something else than is read, with the cause and the line', false)
    .option('--list', 'print the names of all parsers', false)
    .addHelpText(
      'after',
      '\nExamples:\n  $ tracemill parse-log --parser parse_log_pytest pytest.log\n  $ go test -v ./... | tracemill parse-log --parser parse_log_gotest\n  $ tracemill parse-log --parser swebench:django/django test_output.txt\n  $ tracemill parse-log --ambiguous --parser parse_log_jest jest.log',
    )
    .action(async (file, { parser, normalise, ambiguous, list }, command) => {
      if (list) {
        printResult(command, parserNames(), () => parserNames().join('\n'));
        return;
      }
      if (parser === undefined)
        throw new Problem('bad_arguments', 'no parser was named', { hint: 'give --parser NAME; --list shows all names' });
      const log = await logFrom(file);
      if (ambiguous) {
        const read = readLog(parser, log);
        if (!read.ok) throw refusal(read);
        const { doubts, unread, excess } = read.reading;
        const found = { doubts: Object.fromEntries(doubts), unread, excess };
        printResult(command, found, () => JSON.stringify(found, null, 2));
        return;
      }
      const parsed = parseLog(parser, log);
      if (!parsed.ok) throw refusal(parsed);
      const statuses = Object.fromEntries(normalise ? normaliseStatuses(parsed.statuses) : parsed.statuses);
      printResult(command, statuses, () => JSON.stringify(statuses, null, 2));
    });
}

function refusal({ reason, detail }: { reason: string; detail: string }): Problem {
  const hint = reason === 'unknown_parser' ? 'tracemill parse-log --list shows all names' : 'the original parser breaks on this log too';
  return new Problem(reason, detail, { hint });
}

/** Bytes that are no UTF-8 become replacement characters. */
async function logFrom(file: string): Promise<string> {
  try {
    return file === '-' ? await text(process.stdin) : await readFile(file, 'utf8');
  } catch (cause) {
    throw new Problem('log_unreadable', `${file}: ${messageOf(cause)}`, { cause });
  }
}
