import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { type ClassifierFile, usualClassifier } from '../../../activities/scanning/memory/classifier.ts';
import { readRow } from '../../../activities/scanning/inputs/row.ts';
import { scanTrajectory } from '../../../activities/scanning/scan-trajectory.ts';
import { loadGrammars } from '../../../activities/syntax/grammars.ts';
import { projectRoot } from '../../../platform/home.ts';
import type { Severity } from '../../../schemas/finding.ts';
import { type LabelledPassage, labelledPassages } from './labelled-passages.ts';
import { rowOf } from './passage-row.ts';

/** The table in docs/scanner.md: what was measured when the classifier was trained. */
function tableOf({ measured, thresholds }: Pick<ClassifierFile, 'measured' | 'thresholds'>): string {
  const percent = (value: number) => `${(100 * value).toFixed(1)} %`;
  return [
    `| author | passages | violation (from ${thresholds.violation.toFixed(2)}): claims | look-alikes | note (from ${thresholds.note.toFixed(2)}): claims | look-alikes |`,
    '| --- | ---: | ---: | ---: | ---: | ---: |',
    ...measured.map(
      ({ passages, violation, note }, at) =>
        `| ${at + 1} | ${passages} | ${percent(violation.claims)} | ${percent(violation.others)} | ${percent(note.claims)} | ${percent(note.others)} |`,
    ),
  ].join('\n');
}

/** The gravest finding of the category MEMORY in a passage that stands in a trajectory. */
function judged(passage: LabelledPassage): Severity | undefined {
  const { rows } = readRow(rowOf(passage), { file: 'passages.jsonl', unit: null, number: null });
  const found = rows.flatMap(({ trajectory, context }) => scanTrajectory(trajectory, context).findings);
  const severities = found.filter(({ category }) => category === 'MEMORY').map(({ severity }) => severity);
  return severities.includes('violation') ? 'violation' : severities[0];
}

describe('labelled passages', () => {
  it('were judged as the documentation says by models that had not read their author', () => {
    const table = tableOf(usualClassifier());
    process.stdout.write(`${table}\n`);
    expect(readFileSync(join(projectRoot, 'docs/scanner.md'), 'utf8')).toContain(table);
  });

  describe('in trajectories', () => {
    let found: { label: LabelledPassage['label']; severity: Severity | undefined }[] = [];
    beforeAll(async () => {
      await loadGrammars();
      found = labelledPassages('tune').map((passage) => ({ label: passage.label, severity: judged(passage) }));
    }, 60_000);
    const share = (label: LabelledPassage['label']) => {
      const own = found.filter((one) => one.label === label);
      return own.filter(({ severity }) => severity === 'violation').length / own.length;
    };

    it('are found for the most part, wherever they stand, and seldom accused wrongly', () => {
      expect(share('MEMORY')).toBeGreaterThan(0.6);
      expect(share('CLEAN')).toBeLessThanOrEqual(0.01);
    });
  });
});
