import { execFileSync } from 'node:child_process';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { z } from 'zod';
import { cardFiles } from '../../activities/dataset/card/card-files.ts';
import type { CardFacts } from '../../activities/dataset/card/card.ts';
import { wilsonInterval } from '../../platform/wilson-interval.ts';
import type { Finding } from '../../schemas/finding.ts';
import { cardFacts, type CountedEntry, decision, entry } from './card-facts.ts';

function matterOf(release: CardFacts): unknown {
  const [, matter = ''] = cardFiles(release).card.text.split(/^---$/m);
  return parse(matter);
}

describe('the front matter of a card', () => {
  it('names splits as the datasets library takes them, and their folders as they are', () => {
    const shards = [{ path: 'data/mini-swe/a.parquet', sha256: '0'.repeat(64), size_bytes: 7, split: 'mini-swe', rows: 3 }];
    expect(matterOf(cardFacts([entry()], { shards }))).toMatchObject({
      configs: [{ config_name: 'v1', default: true, data_files: [{ split: 'mini_swe', path: 'data/mini-swe/**/*.parquet' }] }],
      dataset_info: [{ config_name: 'v1', splits: [{ name: 'mini_swe', num_bytes: 7, num_examples: 3 }] }],
    });
  });

  it('describes the columns as the files have them', () => {
    expect(
      matterOf(
        cardFacts([entry()], {
          columns: [
            { name: 'a', type: 'list<struct<b: string, c: list<int32>, d: struct<e: bool>>>' },
            { name: 'f', type: 'list<string>' },
          ],
        }),
      ),
    ).toMatchObject({
      dataset_info: [
        {
          features: [
            {
              name: 'a',
              list: [
                { name: 'b', dtype: 'string' },
                { name: 'c', list: 'int32' },
                { name: 'd', struct: [{ name: 'e', dtype: 'bool' }] },
              ],
            },
            { name: 'f', list: 'string' },
          ],
        },
      ],
    });
  });

  it('names the one licence of all rows, else the list of repositories', () => {
    expect(matterOf(cardFacts([entry({ license: 'Apache License 2.0' })]))).toMatchObject({ license: 'apache-2.0' });
    const several = { license: 'other', license_name: 'by-repository', license_link: 'ATTRIBUTION.md' };
    expect(matterOf(cardFacts([entry(), entry({ license: '' })]))).toMatchObject(several);
    expect(matterOf(cardFacts([entry({ license: 'Their Own 1' })]))).toMatchObject(several);
  });

  it.each([
    [0, 'n<1K'],
    [1000, '1K<n<10K'],
    [2_000_000, '1M<n<10M'],
  ])('counts %i rows as %s', (rows, size) => expect(matterOf(cardFacts([], { rows }))).toMatchObject({ size_categories: [size] }));
});

const finding: Finding = {
  category: 'UPSTREAM',
  rule: 'r',
  severity: 'violation',
  turn: 0,
  call: 0,
  command: '',
  evidence: '',
  succeeded: false,
};
const key = entry().key;
const noTokens = {
  format: 'openai',
  place: { file: 'a', unit: null, number: null },
  id: 'a',
  sha256: 'a',
  exit_status: null,
  lacks: ['tokens' as const],
};
const mixed: CountedEntry[] = [
  entry({
    turns: 10,
    usage: { prompt_tokens: 900, completion_tokens: 100 },
    decisions: [decision('near_duplicate', 'keep'), decision('secrets', 'keep')],
  }),
  entry({
    turns: 31,
    usage: { prompt_tokens: 1500, completion_tokens: 300 },
    resolved: 0,
    decisions: [decision('near_duplicate', 'note'), decision('secrets', 'note')],
  }),
  entry({
    turns: 250,
    key: { ...key, mode: 'no_think' },
    resolved: -1,
    usage: { prompt_tokens: 0, completion_tokens: 0 },
    origin: noTokens,
  }),
  entry({ key: { ...key, harness: 'sweagent' }, repo: 'acme/<b>|*x*', license: 'GPL-3.0', language: 'go', findings: [finding, finding] }),
  entry({ kept: false, findings: [finding], decisions: [decision('no_patch', 'drop')] }),
];

describe('the tables of a card', () => {
  const text = cardFiles(cardFacts(mixed)).card.text;

  it('show means beside means, and sums by themselves', () => {
    expect(text).toContain(
      '| harness | mode | language | rows | resolved | unresolved | unknown | resolved of labelled | turns a row | rows with tokens | prompt tokens a row | completion tokens a row |',
    );
    expect(text).toContain('| openhands | think | python | 2 | 1 | 1 | 0 | 50.0 % | 20.5 | 2 | 1200.0 | 200.0 |');
    expect(text).toContain(
      'In all, 331 turns, 3400 prompt tokens (every request with its whole history) and 600 completion tokens; 1 rows do not say their tokens.',
    );
  });

  it('take no row whose tokens nobody says for one without tokens', () => {
    expect(text).toContain('| openhands | no_think | python | 1 | 0 | 0 | 1 | – | 250.0 | 0 | – | – |');
    expect(text).toContain('| all |  |  | 4 | 2 | 1 | 1 | 66.7 % | 82.8 | 3 | 1133.3 | 200.0 |');
    const known = cardFiles(cardFacts([entry()])).card.text;
    expect(known).toContain('| turns a row | prompt tokens a row |');
  });

  it('count what rules said by preset where rows were decided on by several, with the parameters behind the counts', () => {
    const said = { rule: 'length', version: 2, parameters: { most: 9 }, keep: 3, note: 0, drop: 1, not_judged: 0 };
    const filtersOf = (...presets: string[]) =>
      cardFiles(cardFacts(mixed, { filters: presets.map((preset) => ({ ...said, preset })) })).card.text;
    expect(filtersOf('strict')).toContain('| length | 2 | 3 | 0 | 1 | `{"most":9}` |');
    const both = filtersOf('strict', 'evaluation');
    expect(both).toContain('in every line of its preset.');
    for (const preset of ['strict', 'evaluation']) expect(both).toContain(`| ${preset} | length | 2 | 3 | 0 | 1 | \`{"most":9}\` |`);
  });

  it('count findings by category, near-duplicates and what should not be published', () => {
    expect(text).toContain('| UPSTREAM | violation | 3 | 1 | 1 |');
    expect(text).toContain('| nearly the same as another, in the release | 1 |');
    expect(text).toContain('| not compared | 2 |');
    expect(text).toContain('| secrets | 1 | 1 | 2 |');
  });

  it('count rows and repositories by licence, and list the repositories as text', () => {
    expect(text).toContain('| MIT | 3 | 1 |');
    const attribution = cardFiles(cardFacts(mixed)).others.find(({ path }) => path === 'ATTRIBUTION.md')?.text;
    expect(attribution).toContain('| [acme/parser](https://github.com/acme/parser) | MIT | MIT | 3 |');
    expect(attribution).toContain('| acme/\\<b\\>\\|\\*x\\* | GPL-3.0 | GPL-3.0 | 1 |');
  });
});

/** Pictures by name as an XML reader sees them: what every `title`, `desc` and `text` says, in their order. */
function read(release: CardFacts): Record<string, { title: string[]; desc: string[]; text: string[] }> {
  const program = `
import json, sys, xml.etree.ElementTree as tree
pictures = json.load(sys.stdin)
said = lambda root, tag: [e.text for e in root.iter("{http://www.w3.org/2000/svg}" + tag)]
print(json.dumps({p: {t: said(tree.fromstring(s), t) for t in ("title", "desc", "text")} for p, s in pictures.items()}))`;
  const pictures = cardFiles(release).others.filter(({ path }) => path.endsWith('.svg'));
  const input = JSON.stringify(
    Object.fromEntries(pictures.map(({ path, text }) => [path.slice('pictures/'.length, -'.svg'.length), text])),
  );
  const out = execFileSync('python3', ['-c', program], { input, encoding: 'utf8' });
  const texts = z.array(z.string());
  return z.record(z.string(), z.object({ title: texts, desc: texts, text: texts })).parse(JSON.parse(out));
}

describe('the pictures of a card', () => {
  const release = cardFacts(mixed);
  const pictures = read(release);

  it('are shown, each with the words that stand in for it', () => {
    const { card, others } = cardFiles(release);
    const names = others.filter(({ path }) => path.endsWith('.svg')).map(({ path }) => path);
    expect(names).toHaveLength(8);
    for (const name of names) expect(card.text).toMatch(new RegExp(`!\\[[^\\n]{20,}\\]\\(${name}\\)`));
    for (const { desc } of Object.values(pictures)) expect(desc[0]?.length).toBeGreaterThan(20);
  });

  it('have the numbers of the statistics', () => {
    const { funnel, figures, statistics } = release;
    expect(pictures['funnel']?.title).toEqual(
      expect.arrayContaining([
        `planned: ${funnel.total.planned} rollouts`,
        'dropped by no_patch: 1 rollout',
        `kept: ${release.rows} rollouts`,
      ]),
    );
    const think = statistics.filter(({ harness, mode }) => harness === 'openhands' && mode === 'think');
    const [resolved, labelled] = [1, 2];
    expect(think.reduce((sum, cell) => sum + cell.resolved, 0)).toBe(resolved);
    const { low, high } = wilsonInterval(resolved / labelled, labelled);
    expect(pictures['resolve-rates']?.title).toContain(
      `openhands, think: 50.0 % (95 % interval ${(low * 100).toFixed(1)} % to ${(high * 100).toFixed(1)} %), 1 of 2`,
    );
    expect(pictures['resolve-rates']?.text).toContain('n = 2');
    expect(pictures['languages']?.title).toContain('python: 3 rows (1 resolved, 1 unresolved, 1 unknown)');
    expect(pictures['licences']?.title).toContain('MIT: 3 rows');
    expect(pictures['findings']?.title).toContain('UPSTREAM, violation: 2 rows (1 in the release, 1 not in it)');
    expect(pictures['near-duplicates']?.title).toContain('nearly the same, in the release: 1 row');
    for (const { harness, mode, turns } of figures.distributions) {
      expect(pictures['turns']?.desc[0]).toContain(`${harness}, ${mode}: ${turns?.rows} row`);
      expect(turns?.bins.reduce((sum, bin) => sum + bin.rows, 0)).toBe(turns?.rows);
    }
    expect(pictures['tokens']?.desc[0]).not.toContain('no_think');
  });

  it('say in full what they count', () => {
    for (const { text } of Object.values(pictures)) expect(text.slice(0, 2).join(' ')).not.toContain('…');
  });

  it('name their axes, with units', () => {
    for (const [name, unit] of [
      ['funnel', 'rollouts'],
      ['resolve-rates', 'share of rows with a verdict'],
      ['turns', 'turns'],
      ['tokens', 'completion tokens'],
      ['languages', 'rows'],
    ] as const)
      expect(pictures[name]?.text).toContain(unit);
  });

  it('load nothing and run nothing', () => {
    const drawn = cardFiles(release).others.flatMap(({ path, text }) => (path.endsWith('.svg') ? [text] : []));
    const written = drawn.join('').replaceAll('xmlns="http://www.w3.org/2000/svg"', '');
    expect(written).not.toMatch(/https?:|<script|href|url\(|@import|\son\w+=/i);
  });

  it('are drawn of nothing, of one row, and of more languages than fit', () => {
    expect(read(cardFacts([]))['languages']?.text).toContain('the release has no rows');
    expect(read(cardFacts([entry()]))['languages']?.title).toContain('python: 1 row (1 resolved, 0 unresolved, 0 unknown)');
    const many = Array.from({ length: 40 }, (_, number) => entry({ language: `language-${String(number).padStart(2, '0')}` }));
    const { title = [] } = read(cardFacts(many))['languages'] ?? {};
    expect(title).toContain('11 others: 11 rows (11 resolved, 0 unresolved, 0 unknown)');
    expect(title).toHaveLength(31);
  });

  it('take any name as text', () => {
    const names = ['<script>alert(1)</script>', 'a & "b"', '\u0000\u001b[31m', '\ud800', '汉字'.repeat(60), ']]>', '--><x/>'];
    const hostile = names.map((language) => entry({ language, license: language, repo: language }));
    const said = read(cardFacts(hostile));
    expect(said['languages']?.title.join('\n')).toContain('<script>alert(1)</script>: 1 row');
  });

  it('are the same for the same numbers', () => {
    expect(cardFiles(cardFacts(mixed))).toEqual(cardFiles(cardFacts(structuredClone(mixed))));
  });
});
