import { firstLine, linesWith, type Said, saidAs, sumOf, type ToolReport, type ToolLog } from '../tool-report.ts';

const parameter = /^(.*\[ {2}FAILED {2}\] \S+), where (?:GetParam\(\)|TypeParam) .*( \(\d+ ms\))$/;
const skipped = /^(.*)\[ {2}SKIPPED \](.* \(\d+ ms\))$/;

/** A test with a parameter has it in its name when it fails; skipped tests have a word that the parser does not know. */
export function googleTestReport({ text, parser }: ToolLog): ToolReport {
  const said: Said[] = [];
  for (const line of linesWith(text, ', where ')) {
    const [, start, end] = parameter.exec(line) ?? [];
    if (start !== undefined) said.push(...saidAs(parser, `${start}${end ?? ''}`, { outcome: 'failed', cause: 'cut_name', line }));
  }
  for (const line of linesWith(text, '[  SKIPPED ]')) {
    const [, start, end] = skipped.exec(line) ?? [];
    if (start !== undefined)
      said.push(...saidAs(parser, `${start}[       OK ]${end ?? ''}`, { outcome: 'skipped', cause: 'equal_names', line }));
  }
  const line = firstLine(text, /\[ {2}PASSED {2}\] \d+ tests?\./);
  if (line === undefined) return { said, unread: [] };
  const failed = sumOf(text, /\[ {2}FAILED {2}\] (\d+) tests?, listed below/g);
  return { said, unread: [], totals: { failed, passed: sumOf(text, /\[ {2}PASSED {2}\] (\d+) tests?\./g), line } };
}
