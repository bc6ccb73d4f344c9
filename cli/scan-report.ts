import type { BadPlace } from '../activities/ingestion/index.ts';
import type { UnitResult } from '../activities/scanning/index.ts';
import { ScanReport } from '../schemas/finding.ts';
import { type Place, placeText } from '../schemas/place.ts';
import type { ScanRule } from '../schemas/scan-rule.ts';
import { exitCodes } from './exit-codes.ts';
import { note } from './output.ts';
import { table } from './table.ts';

export const scanFormats = ['table', 'jsonl', 'sarif'] as const;
export const scanFailures = ['never', 'violation', 'note', 'unparsed'] as const;

interface Totals {
  rows: number;
  accused: number;
  notes: number;
  /** Rows that were read in part. */
  unread: number;
  unparsed: number;
  bad: number;
}

/**
 * Prints what a scan found, as it comes where that is possible, and sets the exit code. What could not be read goes to standard error,
 * a line each, with file and line.
 */
export async function reportScan(
  results: AsyncIterable<UnitResult> | UnitResult[],
  format: (typeof scanFormats)[number],
  rules: ScanRule[],
  failOn: (typeof scanFailures)[number],
): Promise<void> {
  const kept: ScanReport[] = [];
  const bad: BadPlace[] = [];
  const damaged: Place[] = [];
  const { ProblemTally } = await import('../activities/ingestion/index.ts');
  const tally = new ProblemTally();
  const say = (problems: BadPlace[]) => {
    for (const { place, problem } of problems) note(`not read: ${placeText(place)}: ${problem}`);
    if (format === 'sarif') bad.push(...problems);
  };
  const totals: Totals = { rows: 0, accused: 0, notes: 0, unread: 0, unparsed: 0, bad: 0 };
  for await (const result of results) {
    totals.rows += result.rows;
    totals.accused += result.accused;
    totals.unread += result.unread.length;
    for (const problem of result.bad) {
      totals.bad += problem.rows;
      say(tally.add(problem));
    }
    damaged.push(...result.damaged);
    for (const message of result.unread) note(`read in part: ${message}`);
    if (format === 'jsonl') await print(result.lines);
    if (format === 'jsonl' && failOn !== 'note' && failOn !== 'unparsed') continue;
    for (const line of result.lines.split('\n')) {
      if (line === '') continue;
      const one = ScanReport.parse(JSON.parse(line));
      totals.unparsed += one.unparsed;
      totals.notes += one.findings.length;
      if (format !== 'jsonl' && (one.findings.length > 0 || one.unread.length > 0)) kept.push(one);
    }
  }
  say(tally.end());
  if (damaged[0] !== undefined)
    note(`${damaged.length} rows have bytes that are not UTF-8, read as U+FFFD; the first is ${placeText(damaged[0])}`);
  if (format === 'table') await print(`${scanTable(kept)}${kept.length === 0 ? '' : '\n\n'}${summary(totals)}\n`);
  if (format === 'sarif') {
    const { sarifLog } = await import('../activities/scanning/index.ts');
    await print(`${JSON.stringify(sarifLog(kept, rules, bad))}\n`);
  }
  if (isFailure(totals, failOn)) process.exitCode = exitCodes.failed;
  else if (totals.rows === 0 && totals.bad > 0) process.exitCode = exitCodes.usage;
}

function isFailure({ accused, notes, unread, unparsed, bad }: Totals, failOn: (typeof scanFailures)[number]): boolean {
  if (failOn !== 'never' && accused > 0) return true;
  return (failOn === 'note' && notes > 0) || (failOn === 'unparsed' && unread + unparsed + bad > 0);
}

function summary({ rows, accused, unread, unparsed, bad }: Totals): string {
  return `${rows} rows, ${accused} with violations, ${unread} read in part, ${unparsed} pieces unparsed, ${bad} rows not read`;
}

/** A line a finding, and one for each row that was read in part: it is not known to be clean. */
function scanTable(reports: ScanReport[]): string {
  const lines = reports.flatMap(({ id, place, findings, unread }) => {
    const row = { place: place === null ? '' : placeText(place), id };
    return [
      ...findings.map(({ turn, severity, category, rule, succeeded, evidence, command, judge }) => ({
        ...row,
        turn: String(turn),
        severity,
        category,
        rule,
        shown: succeeded ? 'yes' : 'no',
        // Who judged stands first: the column is short.
        evidence: `${judge === undefined ? '' : `[${judge.model}: ${judge.verdict.replace('_', ' ')}] `}${evidence}: ${command}`,
      })),
      ...(unread.length === 0
        ? []
        : [{ ...row, turn: '', severity: 'unread', category: '', rule: '', shown: '', evidence: unread.join('; ') }]),
    ];
  });
  if (lines.length === 0) return '';
  return table(lines, [
    { title: 'place', value: ({ place }) => place },
    { title: 'row', value: ({ id }) => id.slice(0, 40) },
    { title: 'turn', value: ({ turn }) => turn, align: 'right' },
    { title: 'severity', value: ({ severity }) => severity },
    { title: 'category', value: ({ category }) => category },
    { title: 'rule', value: ({ rule }) => rule },
    { title: 'shown', value: ({ shown }) => shown },
    { title: 'evidence', value: ({ evidence }) => evidence.replace(/\s+/g, ' ').slice(0, 90) },
  ]);
}

/** Waits where a pipe's reader is slower than the scan, so that results do not pile up. */
async function print(text: string): Promise<void> {
  if (text === '' || process.stdout.write(text)) return;
  await new Promise((resolve) => process.stdout.once('drain', resolve));
}
