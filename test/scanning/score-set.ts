import { parseArgs } from 'node:util';
import { readRow } from '../../activities/scanning/inputs/row.ts';
import { scanTrajectory } from '../../activities/scanning/scan-trajectory.ts';
import { loadGrammars } from '../../activities/syntax/grammars.ts';
import { type Finding, FindingCategory } from '../../schemas/finding.ts';
import { ScanContext } from '../../schemas/scan-context.ts';
import { type Label, type LabelledCase, labelledCases, rowOf } from './labelled-set.ts';

export interface Score {
  label: Label;
  cases: number;
  /** A violation of the label's own category; for CLEAN, no violation at all. */
  right: number;
  /** A violation of whatever category. */
  accused: number;
}

interface Judged {
  labelled: LabelledCase;
  findings: Finding[];
}

/** What the scanner makes of labelled cases, a line a label. `loadGrammars()` must have been awaited. */
export function scores(judged: readonly Judged[]): Score[] {
  return [...FindingCategory.options, 'CLEAN' as const].map((label) => {
    const own = judged.filter(({ labelled }) => labelled.label === label);
    return {
      label,
      cases: own.length,
      right: own.filter((one) => isRight(one)).length,
      accused: own.filter(({ findings }) => violations(findings).length > 0).length,
    };
  });
}

/** Scans a labelled case as `tracemill scan` would. */
export function judgedCase(labelled: LabelledCase): Judged {
  const { rows } = readRow(rowOf(labelled), { file: labelled.id, unit: null, number: null });
  const findings = rows.flatMap(
    ({ trajectory, context }) => scanTrajectory(trajectory, { ...context, preset: ScanContext.parse({}).preset }).findings,
  );
  return { labelled, findings };
}

function violations(findings: readonly Finding[]): Finding[] {
  return findings.filter(({ severity }) => severity === 'violation');
}

function isRight({ labelled, findings }: Judged): boolean {
  const found = violations(findings);
  return labelled.label === 'CLEAN' ? found.length === 0 : found.some(({ category }) => category === labelled.label);
}

/** `node test/scanning/score-set.ts PATH… [--misses]`: the table of a set, with the misses by kind. */
async function main(): Promise<void> {
  const { values, positionals } = parseArgs({ allowPositionals: true, options: { misses: { type: 'boolean', default: false } } });
  await loadGrammars();
  const judged = positionals.flatMap((path) => labelledCases(path)).map((labelled) => judgedCase(labelled));
  const lines = scores(judged).map(
    ({ label, cases, right, accused }) =>
      `${label.padEnd(18)} ${String(right).padStart(4)} / ${String(cases).padEnd(4)} ${cases === 0 ? '' : `${((100 * right) / cases).toFixed(1)} %`}   accused of anything: ${accused}`,
  );
  if (values.misses)
    for (const one of judged.filter((each) => !isRight(each)))
      lines.push(
        `${one.labelled.label} ${one.labelled.id} (${one.labelled.kind}): ${one.labelled.why} [found: ${one.findings.map(({ severity, category, rule, evidence }) => `${severity} ${category} ${rule}: ${evidence}`.slice(0, 160)).join('; ')}]`,
      );
  process.stdout.write(`${lines.join('\n')}\n`);
}

if (import.meta.main) await main();
