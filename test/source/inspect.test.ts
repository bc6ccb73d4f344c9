import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { inspectInThread } from '../../activities/source/inspect-thread.ts';
import { selectTasks } from '../../activities/source/select-tasks.ts';
import { startSourceRules } from '../../activities/source/source-rules.ts';
import { SourceFilters } from '../../schemas/source-filters.ts';
import { all, parquetOf, rowLike } from './corpus.ts';

let folder: string;
let path: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'tracemill-inspect-'));
  path = join(folder, 'corpus.parquet');
  const languages = ['python', 'go', 'ruby'];
  const rows = Array.from({ length: 30 }, (_, i) => rowLike(i, { language: languages[i % 3], license: i < 10 ? 'GPL-3.0' : 'MIT' }));
  writeFileSync(path, parquetOf([...rows, rowLike(0, { language: 'go' }), rowLike(99, { base_commit: 'x' })], { rowGroupSize: 8 }));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const parsers = ['parse_log_jq'];

describe('inspecting sources', () => {
  it('counts exactly what each rule keeps and drops, by language', async () => {
    const inspection = await inspectInThread({ inputs: [path], filters: SourceFilters.parse({}), parsers });
    expect(inspection).toMatchObject({
      rows: 31,
      bad: 1,
      kept: 13,
      by_language: { python: { kept: 6, dropped: 4 }, go: { kept: 7, dropped: 4 }, ruby: { kept: 0, dropped: 10 } },
    });
    expect(inspection.bad_rows).toEqual([
      { place: `${path} row 32 (owner49__name-99)`, code: 'bad_row', problems: [expect.stringMatching(/^base_commit: /)] },
    ]);
    const [language, licence, , , , , duplicate] = inspection.rules;
    expect(language).toMatchObject({ rule: 'language', kept: 21, dropped: 10, reasons: { 'language ruby': 10 } });
    expect(licence).toMatchObject({ rule: 'licence', kept: 21, dropped: 10, by_language: { python: { kept: 6, dropped: 4 } } });
    expect(duplicate).toMatchObject({ rule: 'duplicate', dropped: 1, reasons: { 'same id': 1 } });
  });

  it('names a list of evaluation tasks that cannot be read', async () => {
    const filters = SourceFilters.parse({ exclude: [join(folder, 'missing.txt')] });
    await expect(inspectInThread({ inputs: [path], filters, parsers })).rejects.toMatchObject({ code: 'bad_exclusion_list' });
  });

  it('selects the same rows for a campaign and says of each other one why not', async () => {
    const rules = startSourceRules(SourceFilters.parse({}), (name) => parsers.includes(name));
    const readings = await all(selectTasks([path], rules));
    expect(readings.filter(({ ok }) => ok)).toHaveLength(13);
    const [first] = readings;
    expect(first).toMatchObject({
      ok: false,
      place: `${path} row 1 (owner0__name-0)`,
      problems: ['dropped by licence: the licence GPL-3.0 is not among MIT, Apache-2.0, BSD-2-Clause, BSD-3-Clause'],
    });
  });
});
