import { Problem } from '../../schemas/problem.ts';

type Reader = (log: string) => Map<string, string>;

const matching = (pattern: RegExp, read: (match: RegExpExecArray) => [string, string]): Reader => (log) =>
  new Map([...log.matchAll(pattern)].map(read));

const readers: Record<string, Reader> = {
  parse_log_pytest: matching(/^(PASSED|FAILED|SKIPPED|ERROR) (\S+)/gm, ([, status, name]) => [name ?? '', status ?? '']),
  parse_log_gotest: matching(/^\s*--- (PASS|FAIL|SKIP): (.+) \(.*\)$/gm, ([, word, name]) => [
    name ?? '',
    { PASS: 'PASSED', FAIL: 'FAILED' }[word ?? ''] ?? 'SKIPPED',
  ]),
  parse_log_tap: matching(/^\s*(ok|not ok) \d+ (.+)$/gm, ([, word, name]) => [name ?? '', word === 'ok' ? 'PASSED' : 'FAILED']),
  parse_log_jq: matching(/^\s*(PASS|FAIL): (.+)$/gm, ([, word, name]) => [name ?? '', word === 'PASS' ? 'PASSED' : 'FAILED']),
  parse_log_cpp_v4: matching(/^\s*\d+\/\d+\s+Test\s+#\d+:\s+(.+?)\s+\.+\s+(Passed|Failed)/gm, ([, name, word]) => [
    name ?? '',
    word === 'Passed' ? 'PASSED' : 'FAILED',
  ]),
};

export function statusesOf(parser: string, log: string): Map<string, string> {
  const reader = readers[parser];
  if (reader === undefined) throw new Problem('unknown_parser', `no log parser is called ${parser}`);
  return reader(log);
}
