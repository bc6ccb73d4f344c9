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
      .filter((cells) => cells.length === 10 && / %$/.test(cells[4] ?? ''));
    const documented = (label: number, cases: number, now: number) =>
      rows
        .filter((cells) => cells[cases] !== '–')
        .map((cells) => `${cells[label] === 'clean, wrongly accused' ? 'CLEAN' : cells[label]} ${cells[cases]} ${cells[now]}`)
        .toSorted();
    expect(found.get('sealed.jsonl.gz')?.toSorted()).toEqual(documented(1, 2, 4));
    expect(found.get('development.jsonl')?.toSorted()).toEqual(documented(1, 6, 8));
  });
});
