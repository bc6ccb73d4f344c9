import { describe, expect, it } from 'vitest';
import { evaluationFigures } from '../../activities/evaluation/figures/evaluation-figures.ts';
import { htmlReport } from '../../activities/evaluation/report/html.ts';
import { markdownReport } from '../../activities/evaluation/report/markdown.ts';
import { seededRecord } from './seeded-record.ts';

const cells = [
  { harness: 'openhands', mode: 'think' as const },
  { harness: 'sweagent', mode: 'no_think' as const },
];
const record = seededRecord({ seed: 1, runs: 3, cells, infraErrors: 0.01, name: 'coder-study' });
const figures = evaluationFigures(record, { baseline: seededRecord({ seed: 2, runs: 3, cells, name: 'coder-base' }) });
const page = htmlReport(figures);
const markdown = markdownReport(figures);

/** The cells of all tables, row by row. */
function cellsOfPage(html: string): string[][] {
  const plain = (cell: string) =>
    cell.replaceAll('&#39;', "'").replaceAll('&amp;', '&').replaceAll('&lt;', '<').replaceAll('&gt;', '>').replaceAll('&quot;', '"');
  return [...html.matchAll(/<tr>(.*?)<\/tr>/gs)].map(([, row = '']) =>
    [...row.matchAll(/<t[hd][^>]*>(.*?)<\/t[hd]>/g)].map(([, cell = '']) => plain(cell)),
  );
}

function cellsOfMarkdown(text: string): string[][] {
  return text
    .split('\n')
    .filter((line) => line.startsWith('| ') && !line.startsWith('| -'))
    .map((line) =>
      line
        .slice(2, -2)
        .split(' | ')
        .map((cell) => cell.trim().replaceAll(/\\(.)/g, '$1')),
    );
}

describe('the report', () => {
  it('has the same tables as a page and as Markdown', () => {
    expect(cellsOfPage(page)).toEqual(cellsOfMarkdown(markdown));
    expect(cellsOfPage(page).length).toBeGreaterThan(80);
  });

  it('shows every run, interval and comparison of the figures', () => {
    for (const cell of figures.cells) {
      for (const { rate } of cell.runs) expect(markdown).toContain(`${(rate * 100).toFixed(1)} %`);
      expect(markdown).toContain(`${(cell.interval.low * 100).toFixed(1)} to ${(cell.interval.high * 100).toFixed(1)}`);
    }
    const compared = figures.comparison?.cells.map(({ lost }) => `worse (${lost.length})`) ?? [];
    for (const text of compared) expect(markdown).toContain(text);
    expect(markdown).toContain('Both have the same 200 instances.');
    expect(markdown).toContain('tracemill evaluation recompute coder-study');
  });

  it('is aligned, so that it reads well in a terminal', () => {
    const tables = markdown.split('\n\n').filter((block) => block.startsWith('| '));
    expect(tables.length).toBeGreaterThan(12);
    for (const table of tables) expect(new Set(table.split('\n').map((line) => [...line].length)).size).toBe(1);
  });

  it('asks for nothing from anywhere and runs nothing', () => {
    const links = [...page.matchAll(/(?:src|href|url|action)\s*[=(]\s*["']?([^"')\s>]*)/g)].map(([, target]) => target);
    expect(links.filter((target) => target?.startsWith('#') !== true)).toEqual([]);
    expect(page).not.toMatch(/<script|<link|<iframe|@import|\son\w+=/);
    expect(page).toContain("default-src 'none'");
  });

  it('tells those who do not see the pictures what they show', () => {
    const pictures = [...page.matchAll(/<svg [^>]*>/g)].map(([tag]) => tag);
    expect(pictures).toHaveLength(1 + 1 + 2 + 1);
    for (const tag of pictures) expect(tag).toMatch(/role="img" aria-label="[^"]{20,}"/);
  });

  it('lets names of others add no markup', () => {
    const evil = '<img src=x onerror=alert(1)>|[a](b)*\n# x';
    const odd = {
      ...record,
      name: evil,
      model: { name: evil, facts: { [evil]: evil } },
      benchmark: {
        ...record.benchmark,
        instances: record.benchmark.instances.map((instance) => ({ ...instance, repo: evil, language: evil })),
      },
      outcomes: record.outcomes.map((outcome) => ({ ...outcome, findings: [evil] })),
    };
    const oddFigures = evaluationFigures(odd, { baseline: odd });
    expect(htmlReport(oddFigures)).not.toContain('<img');
    const text = markdownReport(oddFigures);
    expect(text).not.toMatch(/(^|[^\\])<img/);
    expect(text).not.toMatch(/^# x/m);
    expect(text).not.toMatch(/(^|[^\\])\[a/);
  });

  it('says what was not compared', () => {
    const other = seededRecord({ seed: 3, instances: 50 });
    expect(markdownReport(evaluationFigures(other, { baseline: record }))).toMatch(
      /Not compared: the instances differ\. 0 are not in the\s+baseline, 150 only there/,
    );
    const common = markdownReport(evaluationFigures(other, { baseline: record, intersect: true }));
    expect(common).toMatch(/Only the 50 instances of both were compared/);
    expect(common).toContain('sweagent/no_think: on one side only, not compared');
  });

  it('can be made of an evaluation in which nothing ran', () => {
    const empty = evaluationFigures({ ...record, outcomes: [], grader: null });
    expect(htmlReport(empty)).not.toMatch(/NaN|undefined|Infinity/);
    expect(markdownReport(empty)).not.toMatch(/NaN|undefined|Infinity/);
  });
});
