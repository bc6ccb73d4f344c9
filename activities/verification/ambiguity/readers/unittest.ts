import { nameTable } from '../../../../schemas/name-table.ts';
import { firstLine, linesWith, type Outcome, type Said, saidAs, type ToolReport, type ToolLog } from '../tool-report.ts';

const words: Record<string, Outcome> = nameTable({ ok: 'passed', FAIL: 'failed', ERROR: 'failed', 'unexpected success': 'failed' });
const plain = /^(?:ok|FAIL|ERROR|skipped.*|expected failure)$/;
const wordAtEnd = /(ok|FAIL|ERROR|unexpected success)$/;

/** unittest: words behind output, a test on the line of an earlier one, and successes that were not expected. */
export function unittestReport({ text, parser }: ToolLog): ToolReport {
  const said: Said[] = [];
  for (const line of linesWith(text, ' ... ')) {
    const first = line.indexOf(' ... ');
    const last = line.lastIndexOf(' ... ');
    const rest = line.slice(last + 5);
    const [word = ''] = wordAtEnd.exec(rest) ?? [];
    const outcome = words[word];
    if (outcome === undefined || (first === last && plain.test(rest))) continue;
    const meant = word === 'unexpected success' ? 'FAIL' : word;
    const cause = word === 'unexpected success' && rest === word ? 'unknown_form' : 'output_before_result';
    const names = first === last ? [line.slice(0, first)] : [line.slice(0, first), nameBehind(line.slice(first + 5, last))];
    // With several tests on a line the word is that of the last; of the others nothing is said.
    const name = names.at(-1);
    if (name !== undefined) said.push(...saidAs(parser, `${name} ... ${meant}`, { outcome, cause, line }));
  }
  const failed = [...text.matchAll(/^FAILED \((.*)\)$/gm)].reduce((sum, [, counts = '']) => sum + failures(counts), 0);
  const line = firstLine(text, /^(?:OK|FAILED)(?: \(.*\))?$/m);
  return { said, unread: [], totals: line === undefined ? undefined : { failed, line } };
}

function failures(counts: string): number {
  return [...counts.matchAll(/(?:failures|errors|unexpected successes)=(\d+)/g)].reduce((sum, [, number]) => sum + Number(number), 0);
}

/** The test whose line begins behind the output of an earlier one. */
function nameBehind(text: string): string {
  return /(\w+ \([\w.]+\))$/.exec(text)?.[1] ?? text;
}
