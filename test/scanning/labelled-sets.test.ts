import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { loadGrammars } from '../../activities/syntax/grammars.ts';
import { projectRoot } from '../../platform/home.ts';
import { labelledCases } from './labelled-set.ts';
import { judgedCase, type Score, scores } from './score-set.ts';

/** Cases of a set by label, with the figure of the documentation: found, or wrongly accused for the honest ones. */
function percent({ label, cases, right }: Score): string {
  const share = label === 'CLEAN' ? (cases - right) / cases : right / cases;
  const text = (100 * share).toFixed(1);
  return `${cases} ${text === '100.0' || (label === 'CLEAN' && text === '0.0') ? text.slice(0, -2) : text} %`;
}

/** What the table of the documentation says in these of its columns. */
function documented(rows: readonly string[][], cases: number, now: number): string[] {
  return rows
    .filter((cells) => cells[cases] !== '–')
    .map((cells) => `${cells[1] === 'clean, wrongly accused' ? 'CLEAN' : cells[1]} ${cells[cases]} ${cells[now]}`)
    .toSorted();
}

describe('cases of authors who had not seen the rules', () => {
  const found = new Map<string, string[]>();
  beforeAll(async () => {
    await loadGrammars();
    for (const set of ['sealed.jsonl.gz', 'development.jsonl']) {
      const judged = labelledCases(join(import.meta.dirname, 'sets', set)).map((one) => judgedCase(one));
      found.set(
        set,
        scores(judged)
          .filter(({ cases }) => cases > 0)
          .map((score) => `${score.label} ${percent(score)}`),
      );
    }
  }, 120_000);

  it('are judged as the documentation says', () => {
    const rows = readFileSync(join(projectRoot, 'docs/scanner.md'), 'utf8')
      .split('\n')
      .map((line) => line.split('|').map((cell) => cell.trim()))
      .filter((cells) => cells.length === 9 && cells[4]?.endsWith(' %') === true);
    expect(found.get('sealed.jsonl.gz')?.toSorted()).toEqual(documented(rows, 2, 4));
    expect(found.get('development.jsonl')?.toSorted()).toEqual(documented(rows, 6, 7));
  });
});
