import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { usualClassifier } from '../../../activities/scanning/memory/classifier.ts';
import { readRow } from '../../../activities/scanning/inputs/row.ts';
import { scanTrajectory } from '../../../activities/scanning/scan-trajectory.ts';
import { loadGrammars } from '../../../activities/syntax/grammars.ts';
import { projectRoot } from '../../../platform/home.ts';
import type { Severity } from '../../../schemas/finding.ts';
import { type LabelledPassage, labelledPassages } from './labelled-passages.ts';
import { rowOf } from './passage-row.ts';

/** The gravest finding of the category MEMORY in a passage that stands in a trajectory. */
function judged(passage: LabelledPassage): Severity | undefined {
  const { rows } = readRow(rowOf(passage), { file: 'tune.jsonl', unit: null, number: null });
  const found = rows.flatMap(({ trajectory, context }) => scanTrajectory(trajectory, context).findings);
  const severities = found.filter(({ category }) => category === 'MEMORY').map(({ severity }) => severity);
  return severities.includes('violation') ? 'violation' : severities[0];
}

describe('passages of an author whom the classifier has not read', () => {
  let found: { label: LabelledPassage['label']; severity: Severity | undefined }[] = [];
  beforeAll(async () => {
    await loadGrammars();
    found = labelledPassages('tune').map((passage) => ({ label: passage.label, severity: judged(passage) }));
  }, 60_000);
  const share = (label: LabelledPassage['label'], severities: readonly (Severity | undefined)[]) => {
    const own = found.filter((one) => one.label === label);
    return own.filter(({ severity }) => severities.includes(severity)).length / own.length;
  };

  it('are judged as the documentation says', () => {
    const { violation, note } = usualClassifier().thresholds;
    const percent = (value: number) => `${(100 * value).toFixed(1)} %`;
    const line = (name: string, from: number, severities: readonly Severity[]) =>
      `| ${name} | ${from.toFixed(2)} | ${percent(share('MEMORY', severities))} | ${percent(share('CLEAN', severities))} |`;
    const table = [
      '| severity | from score | of claims | of look-alikes |',
      '| --- | ---: | ---: | ---: |',
      line('violation', violation, ['violation']),
      line('note or violation', note, ['violation', 'note']),
    ].join('\n');
    process.stdout.write(`${table}\n`);
    expect(readFileSync(join(projectRoot, 'docs/scanner.md'), 'utf8')).toContain(table);
  });

  it('are seldom accused wrongly, and half of the claims are found', () => {
    expect(share('CLEAN', ['violation'])).toBeLessThanOrEqual(0.01);
    expect(share('MEMORY', ['violation'])).toBeGreaterThan(0.5);
  });
});
