import { Problem } from '../../../schemas/problem.ts';
import { strip } from './python-text.ts';

/** Test name → status in the order of the log. Statuses are the four below, but pytest's parsers pass on other words too. */
export type Statuses = Map<string, string>;

/**
 * Reads a test log, into `statuses` where they are given. Throws `Problem` parser_error where the original raises, since a
 * task's expected tests rest on that too.
 */
export type Parser = (log: string, statuses?: Statuses) => Statuses;

export const PASSED = 'PASSED';
export const FAILED = 'FAILED';
export const SKIPPED = 'SKIPPED';
export const ERROR = 'ERROR';

/** Reads one result from a line, or none. */
export type LineReader = (line: string) => readonly [name: string, status: string] | undefined;

/** The most common form: lines cut at newlines and stripped, each read by itself; the last status of a name holds. */
export function lineParser(read: LineReader): Parser {
  return (log, statuses = new Map()) => {
    for (const line of log.split('\n')) {
      const result = read(strip(line));
      if (result !== undefined) statuses.set(result[0], result[1]);
    }
    return statuses;
  };
}

/** Sets a status unless the name has one. */
export function setIfAbsent(statuses: Statuses, name: string, status: string): void {
  if (!statuses.has(name)) statuses.set(name, status);
  else if (statuses instanceof AllStatuses) statuses.hear(name, status);
}

/** Statuses that also know what was read of a name and then replaced, or not taken since the name had a status. */
export class AllStatuses extends Map<string, string> {
  /** Every status of the names that were given several. */
  readonly differing = new Map<string, Set<string>>();
  /** Results read, however many fell under one name. */
  readonly results = { passed: 0, failed: 0, other: 0 };

  override set(name: string, status: string): this {
    this.hear(name, status);
    return super.set(name, status);
  }

  /** Takes note of a status without giving it to the name. */
  hear(name: string, status: string): void {
    if (status === PASSED) this.results.passed += 1;
    else if (status === FAILED || status.startsWith(ERROR)) this.results.failed += 1;
    else this.results.other += 1;
    const before = this.get(name);
    if (before === undefined || before === status) return;
    const known = this.differing.get(name) ?? new Set([before]);
    this.differing.set(name, known.add(status));
  }

  /** Takes note of what another reading of the same log gave several statuses. */
  hearAll({ differing }: AllStatuses): void {
    for (const [name, statuses] of differing) for (const status of statuses) this.hear(name, status);
  }
}

export function parserError(detail: string): Problem {
  return new Problem('parser_error', detail, { hint: 'the log breaks its parser, as it does in the original; look at the log itself' });
}

/**
 * Joins suite and test names. A long suite name over many short tests makes names that outgrow the log a thousandfold,
 * so their sum is bounded: by the log's own size, and for large logs by the memory that they may take. Beyond that the
 * log is refused.
 */
export function nameJoiner(log: string, separator: string): (suites: readonly string[], name: string) => string {
  let left = Math.min(2 ** 20 + 64 * log.length, 2 ** 27 + 2 * log.length);
  return (suites, name) => {
    const joined = [...suites, name].join(separator);
    left -= joined.length;
    if (left < 0) throw parserError('the names of nested tests together outgrow the log many times over');
    return joined;
  };
}
