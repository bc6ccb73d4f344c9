import { messageOf } from '../../schemas/problem.ts';
import type { Parser, Statuses } from './parsers/parser.ts';
import { withUniversalNewlines } from './parsers/python-text.ts';
import { rebenchParsers } from './parsers/rebench.ts';
import { sweBenchFunction, sweBenchParsers } from './parsers/swe-bench.ts';

/** `unknown_parser`: no parser has the name. `parser_error`: the log breaks the parser, as it broke the original. */
export type ParsedLog = { ok: true; statuses: Statuses } | { ok: false; reason: 'unknown_parser' | 'parser_error'; detail: string };

/** Before a name of SWE-bench's own parsers, whose namesakes in SWE-rebench-V2 differ. */
const sweBenchPrefix = 'swebench:';

/**
 * Reads test names and statuses from a log: the tests' stdout, then their stderr. Never throws, and takes time linear
 * in the log. `parser` is a name of SWE-rebench-V2 (`parse_log_pytest`), or `swebench:` and a name or repository of
 * SWE-bench 4.1 (`swebench:parse_log_pytest`, `swebench:django/django`). Names come as the tests print them; compare
 * them by `normaliseName`.
 */
export function parseLog(parser: string, log: string): ParsedLog {
  const parse = parserNamed(parser);
  if (parse === undefined) return unknownParser(parser);
  try {
    return { ok: true, statuses: parse(withUniversalNewlines(log)) };
  } catch (error) {
    return { ok: false, reason: 'parser_error', detail: `${parser}: ${messageOf(error)}` };
  }
}

/** Every name that `parseLog` takes. */
export function parserNames(): string[] {
  return [...rebenchParsers.keys(), ...[...sweBenchParsers.keys()].map((name) => `${sweBenchPrefix}${name}`)];
}

export function unknownParser(name: string): Extract<ParsedLog, { ok: false }> {
  return { ok: false, reason: 'unknown_parser', detail: `no log parser is called ${name}` };
}

export function parserNamed(name: string): Parser | undefined {
  return name.startsWith(sweBenchPrefix) ? sweBenchParsers.get(name.slice(sweBenchPrefix.length)) : rebenchParsers.get(name);
}

/** The name of a parser's function (`parse_log_django`), also where its own is a repository. */
export function parserFunction(name: string): string {
  return name.startsWith(sweBenchPrefix) ? sweBenchFunction(name.slice(sweBenchPrefix.length)) : name;
}
