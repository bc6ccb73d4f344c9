import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync, zstdCompressSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Candidate, toCandidate } from '../../activities/source/candidate.ts';
import { readExclusionList } from '../../activities/source/exclusion-list.ts';
import { startSourceRules } from '../../activities/source/source-rules.ts';
import { licence } from '../../activities/source/source-rules/licence.ts';
import { metadata } from '../../activities/source/source-rules/metadata.ts';
import { SourceFilters } from '../../schemas/source-filters.ts';
import { parquetOf, rowLike } from './corpus.ts';

function candidate(number: number, changes: Record<string, unknown> = {}): Candidate {
  const read = toCandidate(rowLike(number, changes));
  if (!read.ok) throw new Error(read.problems.join());
  return read.candidate;
}

/** Names of the rules that drop a row. */
function droppedBy(filters: unknown, ...rows: Candidate[]): string[][] {
  const rules = startSourceRules(SourceFilters.parse(filters), (name) => name.startsWith('parse_log_'));
  return rows.map((row) => rules.filter(({ check }) => !check(row).keep).map(({ id }) => id));
}

describe('licence', () => {
  const check = licence.start(SourceFilters.parse({}).licence);

  it.each([
    'MIT',
    'mit',
    'MIT License',
    'The MIT License (MIT)',
    'Apache License, Version 2.0',
    'Apache-2.0',
    'apache 2',
    'BSD 3-Clause "New" or "Revised" License',
    'BSD-2-Clause',
    'MIT OR GPL-3.0-only',
    '(MIT OR GPL-2.0) AND BSD-3-Clause',
    'MIT/Apache-2.0',
    'Apache-2.0 WITH LLVM-exception',
    'MIT or Apache License 2.0',
  ])('keeps %s', (license) => {
    expect(check(candidate(1, { license }))).toEqual({ keep: true });
  });

  it.each([
    ['GPL-3.0', 'licence GPL-3.0'],
    ['MIT AND GPL-3.0-or-later', 'licence MIT AND GPL-3.0-or-later'],
    ['ISC', 'licence ISC'],
    ['NOASSERTION', 'no licence stated'],
    ['Other', 'no licence stated'],
    ['', 'no licence stated'],
    [null, 'no licence stated'],
    ['BSD', 'unknown licence BSD'],
    ['My Own Licence 7', 'unknown licence My Own Licence 7'],
    ['MIT AND (', 'unknown licence MIT AND ('],
  ])('drops %s and says why: %s', (license, kind) => {
    expect(check(candidate(1, { license }))).toMatchObject({ keep: false, kind });
  });
});

describe('metadata', () => {
  it('is off until something is set, and passes a row without metadata', () => {
    expect(droppedBy({}, candidate(1))).toEqual([[]]);
    expect(metadata.start({ codes: ['B1'] })(candidate(1, { meta: {} })).keep).toBe(true);
  });

  it('judges code, difficulty, category and confidence, as a list of one or an object', () => {
    for (const llm_metadata of [
      [{ code: 'B2', difficulty: 'hard', confidence: 0.4, pr_categories: ['docs'] }],
      { code: 'B2', difficulty: 'hard', confidence: 0.4, pr_categories: ['docs'] },
    ]) {
      const row = candidate(1, { meta: { llm_metadata } });
      expect(metadata.start({ codes: ['A'] })(row)).toMatchObject({ kind: 'code B2' });
      expect(metadata.start({ difficulties: ['easy'] })(row)).toMatchObject({ kind: 'difficulty hard' });
      expect(metadata.start({ categories: ['regression_bug'] })(row)).toMatchObject({ kind: 'category' });
      expect(metadata.start({ min_confidence: 0.5 })(row)).toMatchObject({ kind: 'confidence' });
      expect(metadata.start({ codes: ['B2'], difficulties: ['hard'], categories: ['docs'], min_confidence: 0.4 })(row).keep).toBe(true);
    }
  });
});

describe('the other rules', () => {
  it('keeps the nine languages, in other spellings too', () => {
    expect(
      droppedBy({}, candidate(1, { language: 'Golang' }), candidate(2, { language: 'C++' }), candidate(3, { language: 'ruby' })),
    ).toEqual([[], [], ['language']]);
  });

  it('bounds sizes by what the row states, else by its patch', () => {
    expect(droppedBy({ size: { max_modified_files: 5 } }, candidate(1), candidate(2, { meta: {} }))).toEqual([['size'], []]);
    expect(droppedBy({ size: { max_problem_characters: 10 } }, candidate(1))).toEqual([['size']]);
    expect(droppedBy({ size: { max_expected_tests: 8 } }, candidate(1))).toEqual([['size']]);
  });

  it('asks for image, test command, parser and a test to fix', () => {
    const install = (changes: object) => ({ install_config: { test_cmd: ['make check'], log_parser: 'parse_log_jq', ...changes } });
    const rows = [
      { image_name: null },
      install({ test_cmd: [' ', 3] }),
      install({ log_parser: 'nobody' }),
      { FAIL_TO_PASS: [] },
      { install_config: null },
    ];
    expect(droppedBy({}, ...rows.map((changes, i) => candidate(i, changes)))).toEqual(rows.map(() => ['runnable']));
    expect(droppedBy({ runnable: false }, candidate(1, { image_name: null }))).toEqual([[]]);
  });

  it('keeps the first of the same task, under another id too', () => {
    const same = { repo: 'a/b', base_commit: 'a'.repeat(40) };
    expect(droppedBy({}, candidate(1, same), candidate(2, same), candidate(1), candidate(3))).toEqual([
      [],
      ['duplicate'],
      ['duplicate'],
      [],
    ]);
    expect(droppedBy({ duplicates: false }, candidate(1), candidate(1))).toEqual([[], []]);
  });
});

describe('evaluation tasks', () => {
  let folder: string;
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'tracemill-lists-'));
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));
  const list = (name: string, text: string) => {
    writeFileSync(join(folder, name), text);
    return join(folder, name);
  };

  it('are dropped by id and by repository and base commit, from every form of list', () => {
    const lists = [
      list('verified.txt', '# ids\nowner1__name-1   # one\n\nowner2/name 0000000000000000000000000000000000000002\n'),
      list(
        'multilingual.json',
        JSON.stringify([{ instance_id: 'x__y-1', repo: 'Owner3/name', base_commit: '3'.padStart(40, '0'), patch: '' }]),
      ),
      list('pro.jsonl', '{"instance_id":"OWNER4__name-4"}\n'),
    ];
    const rows = [1, 2, 3, 4, 5].map((number) => candidate(number));
    expect(droppedBy({ exclude: lists }, ...rows)).toEqual([
      ['evaluation_task'],
      ['evaluation_task'],
      ['evaluation_task'],
      ['evaluation_task'],
      [],
    ]);
    expect([...readExclusionList(lists[0] ?? '').ids]).toEqual(['owner1__name-1']);
  });

  it('are never let through by a list that cannot be read or is empty', () => {
    expect(() => readExclusionList(join(folder, 'missing.txt'))).toThrow(expect.objectContaining({ code: 'bad_exclusion_list' }));
    expect(() => readExclusionList(list('empty.txt', '# nothing\n'))).toThrow(expect.objectContaining({ code: 'bad_exclusion_list' }));
    for (const bytes of [parquetOf([rowLike(1)]), zstdCompressSync('owner1__name-1\n'), Buffer.from('owner1__name-1 # \xe9\n', 'latin1')]) {
      writeFileSync(join(folder, 'other.txt'), bytes);
      expect(() => readExclusionList(join(folder, 'other.txt'))).toThrow(/no text in UTF-8/);
    }
  });

  it('may be packed by gzip, and begin with a byte order mark', () => {
    const text = JSON.stringify(['owner1__name-1']);
    writeFileSync(join(folder, 'packed.json.gz'), gzipSync(`\uFEFF${text}`));
    const { name, ids } = readExclusionList(join(folder, 'packed.json.gz'));
    expect([name, ...ids]).toEqual(['packed', 'owner1__name-1']);
    expect([...readExclusionList(list('marked.txt', '\uFEFFowner2__name-2\r\n')).ids]).toEqual(['owner2__name-2']);
  });
});
