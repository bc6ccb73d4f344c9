import { messageOf } from '../../../schemas/problem.ts';
import type { AmbiguityCause } from '../../../schemas/ambiguity.ts';
import { type ParsedLog, parserFunction, parserNamed, unknownParser } from '../parse-log.ts';
import { withoutAnsi } from '../parsers/karma-failures.ts';
import { AllStatuses, type Parser, PASSED, SKIPPED, type Statuses } from '../parsers/parser.ts';
import { withUniversalNewlines } from '../parsers/python-text.ts';
import { normaliseName } from '../parsers/test-name.ts';
import { familyOf } from './tool-readers.ts';
import { linesWith, type Outcome, type ToolReport } from './tool-report.ts';

/** Why the status of a test may not be what the tool said. */
export interface Doubt {
  cause: AmbiguityCause;
  hides: Outcome;
  line: string;
}

/** A log as its parser reads it, and what the test tool says otherwise. */
export interface LogReading {
  /** By normalised name. */
  statuses: Statuses;
  /** By normalised name. A test that counts as passed may have failed or been skipped, another one may have passed. */
  doubts: ReadonlyMap<string, Doubt>;
  /** Failures of what the parser sees in no case. */
  unread: ToolReport['unread'];
  /** By how much the tool's own totals exceed what is read; 0 where they do not. */
  excess: { failed: number; passed: number; line: string };
}

type ReadLog = { ok: true; reading: LogReading } | Extract<ParsedLog, { ok: false }>;

/** Reads a log as `parseLog` does, and beside it looks for what the tool said otherwise. Never throws. */
export function readLog(parserName: string, log: string): ReadLog {
  const parser = parserNamed(parserName);
  if (parser === undefined) return unknownParser(parserName);
  try {
    const text = withUniversalNewlines(log);
    const statuses = new AllStatuses();
    parser(text, statuses);
    return { ok: true, reading: compare(parserName, parser, text, statuses) };
  } catch (error) {
    return { ok: false, reason: 'parser_error', detail: `${parserName}: ${messageOf(error)}` };
  }
}

function compare(parserName: string, parser: Parser, text: string, statuses: AllStatuses): LogReading {
  const { read, uniqueNames = false } = familyOf(parserFunction(parserName));
  const plain = text.includes('\u001B') ? readPlain(parser, text) : { text, statuses };
  const report = read({ text: plain.text, parser, statuses: plain.statuses });
  const hiddenByColours = plain.statuses === statuses ? [] : colouredResults(plain.statuses, statuses);
  const normalised = normalise(statuses);
  const doubts = new Map<string, Doubt>();
  const evidence = (name: string, hides: Outcome) => () => evidenceOf(parser, plain.text, name, hides);
  for (const { name, outcome: hides, cause, line } of report.said) {
    doubt(doubts, normalised.statuses, normaliseName(name), { cause, hides, line });
  }
  for (const { name, hides } of hiddenByColours) {
    doubt(doubts, normalised.statuses, normaliseName(name), whenAsked('colours', hides, evidence(name, hides)));
  }
  for (const [name, outcomes] of normalised.differing) {
    if (uniqueNames && normalised.statuses.get(name) !== PASSED) continue;
    for (const hides of ['failed', 'skipped', 'passed'] as const) {
      if (outcomes.has(hides)) doubt(doubts, normalised.statuses, name, whenAsked('equal_names', hides, evidence(name, hides)));
    }
  }
  return { statuses: normalised.statuses, doubts, unread: report.unread, excess: excessOf(report, plain.statuses) };
}

/** The log without colours, and what the parser makes of it. */
function readPlain(parser: Parser, text: string): { text: string; statuses: AllStatuses } {
  const plain = withoutAnsi(text);
  const statuses = new AllStatuses();
  try {
    parser(plain, statuses);
  } catch {
    // What the parser cannot read without colours it says nothing about.
  }
  return { text: plain, statuses };
}

function colouredResults(plain: Statuses, coloured: Statuses): { name: string; hides: Outcome }[] {
  return [...plain].flatMap(([name, status]) => (coloured.get(name) === status ? [] : [{ name, hides: outcomeOf(status) }]));
}

/** A doubt whose line is looked for when somebody reads it: that goes through the log, and most are never read. */
function whenAsked(cause: AmbiguityCause, hides: Outcome, find: () => string): Doubt {
  let line: string | undefined;
  return {
    cause,
    hides,
    get line() {
      line ??= find();
      return line;
    },
  };
}

function outcomeOf(status: string): Outcome {
  if (status === PASSED) return 'passed';
  return status === SKIPPED || status.startsWith('X') ? 'skipped' : 'failed';
}

interface Normalised {
  statuses: Statuses;
  /** Outcomes of the names that were given several, in one spelling or in more. */
  differing: Map<string, Set<Outcome>>;
}

function normalise(statuses: AllStatuses): Normalised {
  const result: Normalised = { statuses: new Map(), differing: new Map() };
  const add = (name: string, others: Iterable<string>) => {
    const known = result.differing.get(name) ?? new Set();
    for (const status of others) known.add(outcomeOf(status));
    result.differing.set(name, known);
  };
  for (const [raw, status] of statuses) {
    const name = normaliseName(raw);
    const before = result.statuses.get(name);
    if (before !== undefined && before !== status) add(name, [before, status]);
    const differing = statuses.differing.get(raw);
    if (differing !== undefined) add(name, differing);
    result.statuses.set(name, status);
  }
  return result;
}

/** Keeps the first doubt of a test, but one of a failure before one of a skip. What agrees with the status is none. */
function doubt(doubts: Map<string, Doubt>, statuses: Statuses, name: string, found: Doubt): void {
  const passed = statuses.get(name) === PASSED;
  if (passed === (found.hides === 'passed')) return;
  const known = doubts.get(name);
  if (known === undefined || (known.hides === 'skipped' && found.hides === 'failed')) doubts.set(name, found);
}

/** Lines looked at for one name. */
const linesLimit = 64;

/** A line by which the parser gives a test the outcome; where no line does so by itself, the first that names it. */
function evidenceOf(parser: Parser, text: string, name: string, outcome: Outcome): string {
  let left = linesLimit;
  let first = '';
  for (const line of linesWith(text, name.split(' > ').at(-1) ?? name)) {
    if (first === '') first = line;
    left -= 1;
    if (left < 0) break;
    try {
      for (const status of parser(line).values()) if (outcomeOf(status) === outcome) return line;
    } catch {
      // A line alone may be none that the parser reads.
    }
  }
  return first;
}

function excessOf({ totals, read, said, unread }: ToolReport, statuses: AllStatuses): LogReading['excess'] {
  if (totals === undefined) return { failed: 0, passed: 0, line: '' };
  const also = (outcome: Outcome) =>
    said.filter((result) => result.outcome === outcome && ['output_before_result', 'unknown_form'].includes(result.cause)).length;
  const { results } = statuses;
  const counted = read ?? { failed: results.failed + also('failed') + unread.length, passed: results.passed + also('passed') };
  return {
    failed: Math.max(0, totals.failed - counted.failed),
    passed: Math.max(0, (totals.passed ?? 0) - counted.passed),
    line: totals.line,
  };
}
