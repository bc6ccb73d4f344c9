import { suiteOf } from '../../parsers/phpunit.ts';
import type { Parser } from '../../parsers/parser.ts';
import { firstLine, nameOf, type Outcome, type Said, type ToolReport, type ToolLog } from '../tool-report.ts';

const signs: Record<string, Outcome> = { '✔': 'passed', '✘': 'failed', '↩': 'skipped', '⚠': 'passed', '☢': 'passed', '∅': 'skipped' };
const known = '✔✘↩';
const result = /([✔✘↩⚠☢∅])\s+(.+)$/u;

/**
 * TestDox of PHPUnit: tests that passed with a warning have a sign of their own, output may stand before a result, and a
 * line of output that ends in brackets is read as a heading. A heading stands alone: the line before it is empty.
 */
export function phpunitReport({ text, parser }: ToolLog): ToolReport {
  const said: Said[] = [];
  let heading = '';
  let meantHeading = '';
  let before = '';
  for (const line of text.split('\n')) {
    const suite = suiteOf(line);
    if (suite !== undefined) {
      heading = line;
      if (before.trim() === '' && isClass(line, suite)) meantHeading = line;
    } else if (!(heading === meantHeading && known.includes(line.trimStart().charAt(0)))) {
      // An empty line has no first character, which any text includes.
      said.push(...resultOf(parser, line, heading, meantHeading));
    }
    before = line;
  }
  return { said, unread: [], totals: phpunitTotals(text) };
}

function resultOf(parser: Parser, line: string, heading: string, meantHeading: string): Said[] {
  const found = result.exec(line);
  const [, sign = '', title = ''] = found ?? [];
  const outcome = signs[sign];
  if (found === null || outcome === undefined) return [];
  const behind = line.slice(0, found.index).trim() !== '';
  const cause = behind ? 'output_before_result' : known.includes(sign) ? 'wrong_suite' : 'unknown_form';
  if (cause === 'wrong_suite' && heading === meantHeading) return [];
  const name = nameOf(parser, `${meantHeading === '' ? heading : meantHeading}\n ✔ ${title}`);
  return name === undefined ? [] : [{ name, outcome, cause, line: line.trim() }];
}

/** `Csv line (Acme\CsvLineTest)`: the brackets hold a class, whose own name the heading spells out. */
function isClass(line: string, suite: string): boolean {
  const [, path = ''] = /\(([\w\\]+)\)$/.exec(line) ?? [];
  const own = path.split('\\').at(-1) ?? '';
  return path.includes('\\') || letters(own).replace(/^tests?|tests?$/g, '') === letters(suite);
}

function letters(text: string): string {
  return text.replaceAll(/[^a-z0-9]/gi, '').toLowerCase();
}

/** PHPUnit's own counts; tests with warnings count as passed in some versions only, so they are left out. */
function phpunitTotals(text: string): ToolReport['totals'] {
  const line = firstLine(text, /^(?:Tests: \d+, Assertions: \d+.*\.|OK \(\d+ tests?, \d+ assertions?\))$/m);
  if (line === undefined) return undefined;
  let failed = 0;
  let passed = 0;
  for (const [, tests = '0', rest = ''] of text.matchAll(/^Tests: (\d+), Assertions: \d+(.*)\.$/gm)) {
    const of = (word: string) => Number(new RegExp(`, ${word}: (\\d+)`).exec(rest)?.[1] ?? 0);
    failed += of('Errors') + of('Failures');
    passed += Number(tests) - of('Errors') - of('Failures') - of('Skipped') - of('Incomplete') - of('Warnings') - of('Risky');
  }
  for (const [, tests = '0'] of text.matchAll(/^OK \((\d+) tests?, \d+ assertions?\)$/gm)) passed += Number(tests);
  return { failed, passed, line };
}
