import type { FunnelCounts } from '../../../schemas/ledger-record.ts';
import type { ReleaseFigures } from '../../../schemas/release-figures.ts';
import type { ReleaseManifest, RowStatistics } from '../../../schemas/release.ts';
import { frontMatter } from './front-matter.ts';
import { licenceCounts } from './licence-counts.ts';
import { plain, table } from './markdown.ts';
import type { Picture } from './pictures/picture.ts';
import { fatesOf } from './pictures/release-pictures.ts';

/** What a card is made of. */
export type CardFacts = Omit<ReleaseManifest, 'card' | 'card_files' | 'figures'> & { figures: ReleaseFigures };

/** The dataset card: front matter for hubs, then what a reader needs to know before using the rows. Every table says what it counts. */
export function writeCard(release: CardFacts, pictures: readonly Picture[]): string {
  const { figures, statistics } = release;
  const licences = licenceCounts(figures.repositories);
  const shown = (name: string) => pictures.flatMap((picture) => (picture.name === name ? [imageOf(picture)] : []));
  return [
    frontMatter(
      release,
      licences.map(({ name }) => name),
    ),
    `# ${release.campaign} ${release.version}`,
    `${release.rows} agent trajectories on pull requests, each with the outcome of the task's own tests. One row is one rollout: a task solved, ` +
      'or not, by a teacher model in an agent harness. Rows are kept by named rules; whatever was left out is in `ledger.jsonl` with its reasons.',
    '## Rows',
    'Rows of the release by harness, mode and language. Turns and tokens are means a row; tokens over the rows whose tokens are known, `rows with tokens` where not all are.',
    rowsTable(statistics),
    totalsText(statistics),
    '`resolved` is 1 when every expected test passes, 0 when one does not, -1 when no verdict could be had. Compare with `== 1`: -1 is truthy. ' +
      'The share of resolved rows is of those with a verdict.',
    ...shown('resolve-rates'),
    ...shown('languages'),
    ...shown('turns'),
    ...shown('tokens'),
    '## From planned to kept',
    'Rollouts by what became of them. The numbers between `planned` and `kept` add up to their difference.',
    funnelTable(release.funnel.total, release.not_selected),
    ...shown('funnel'),
    '## Filters',
    ...filtersOf(release.filters),
    '## Findings of the scanner',
    'Findings in all rows that were scanned, and rows that have at least one of the category: those of the release, and those that it does not ' +
      'have. A violation is a try to look up the answer, ' +
      'successful or not; a note is none.',
    table(
      ['category', 'severity', 'findings', 'rows of the release', 'other rows'],
      figures.findings.map(({ category, severity, findings, kept_rows, other_rows }) => [
        category,
        severity,
        findings,
        kept_rows,
        other_rows,
      ]),
    ),
    ...shown('findings'),
    '## Near-duplicates',
    'Rows that no other rule drops, compared by their calls with the other rows of their task.',
    nearDuplicatesTable(figures.near_duplicates),
    ...shown('near-duplicates'),
    '## Secrets and personal data',
    ...privateOf(figures.private),
    ...redactionOf(release),
    '## Columns',
    table(
      ['column', 'type'],
      release.columns.map(({ name, type }) => [name, `\`${type}\``]),
    ),
    'Calls carry no ids: observations follow their calls in order. `arguments` and each item of `tools` are JSON strings. ' +
      '`reasoning_content` is null where the teacher did not reason.',
    '## Ledger',
    `\`ledger.jsonl\` has ${release.ledger.entries} lines, one for every row ever produced, with each rule's decision, parameters, version and evidence.`,
    '## Licences',
    "Code in patches and observations stays under its repository's licence, named in the column `license`; [ATTRIBUTION.md](ATTRIBUTION.md) " +
      'lists every repository. Whoever publishes the release chooses the terms of the rest.',
    table(
      ['licence', 'rows', 'repositories'],
      licences.map(({ name, rows, repositories }) => [plain(name), rows, repositories]),
    ),
    ...shown('licences'),
    ...refusedOf(release),
    '## Limits',
    'Tests decide what counts as resolved; they can be incomplete, and a passing patch can be wrong. The scan for looked-up answers reads commands and ' +
      'text; it cannot read minds. Near-duplicates are compared by their calls. Token counts are those that servers or files report, and estimates ' +
      'where a server reports none.',
    '',
  ].join('\n\n');
}

function imageOf({ name, alt }: Picture): string {
  return `![${plain(alt)}](pictures/${name}.svg)`;
}

type Sums = Omit<RowStatistics, 'harness' | 'mode' | 'language'>;

function rowsTable(cells: readonly RowStatistics[]): string {
  const known = (sums: Sums) => sums.rows_with_tokens ?? sums.rows;
  const allKnown = cells.every((cell) => known(cell) === cell.rows);
  const line = (names: string[], sums: Sums) => [
    ...names,
    sums.rows,
    sums.resolved,
    sums.unresolved,
    sums.unknown,
    sums.resolved + sums.unresolved === 0 ? '–' : `${((sums.resolved / (sums.resolved + sums.unresolved)) * 100).toFixed(1)} %`,
    mean(sums.turns, sums.rows),
    ...(allKnown ? [] : [known(sums)]),
    mean(sums.prompt_tokens, known(sums)),
    mean(sums.completion_tokens, known(sums)),
  ];
  return table(
    [
      'harness',
      'mode',
      'language',
      'rows',
      'resolved',
      'unresolved',
      'unknown',
      'resolved of labelled',
      'turns a row',
      ...(allKnown ? [] : ['rows with tokens']),
      'prompt tokens a row',
      'completion tokens a row',
    ],
    [
      ...cells.map((cell) => line([cell.harness, cell.mode, cell.language], cell)),
      ...(cells.length === 0 ? [] : [line(['all', '', ''], sumOf(cells))]),
    ],
  );
}

/** The sums stand apart from the means, so that neither is taken for the other. */
function totalsText(cells: readonly RowStatistics[]): string {
  const { rows, turns, prompt_tokens, completion_tokens, rows_with_tokens = 0 } = sumOf(cells);
  const known = rows_with_tokens === rows ? '' : `; ${rows - rows_with_tokens} rows do not say their tokens`;
  return `In all, ${turns} turns, ${prompt_tokens} prompt tokens (every request with its whole history) and ${completion_tokens} completion tokens${known}.`;
}

function sumOf(cells: readonly RowStatistics[]): Sums {
  const sum = (of: (cell: RowStatistics) => number) => cells.reduce((total, cell) => total + of(cell), 0);
  return {
    rows: sum((cell) => cell.rows),
    resolved: sum((cell) => cell.resolved),
    unresolved: sum((cell) => cell.unresolved),
    unknown: sum((cell) => cell.unknown),
    turns: sum((cell) => cell.turns),
    prompt_tokens: sum((cell) => cell.prompt_tokens),
    completion_tokens: sum((cell) => cell.completion_tokens),
    rows_with_tokens: sum((cell) => cell.rows_with_tokens ?? cell.rows),
  };
}

function mean(sum: number, of: number): string {
  return of === 0 ? '–' : (sum / of).toFixed(1);
}

function funnelTable(counts: FunnelCounts, notSelected: number): string {
  return table(
    ['what became of them', 'rollouts'],
    [
      ...fatesOf(counts, notSelected).map(({ name, rollouts }) => [name, rollouts]),
      ...(counts.ambiguous > 0 ? [['of these, judged by an ambiguous test log', counts.ambiguous]] : []),
    ],
  );
}

function filtersOf(filters: ReleaseManifest['filters']): string[] {
  const judgesAll = filters.every(({ not_judged }) => not_judged === 0);
  const onePreset = new Set(filters.map(({ preset }) => preset)).size < 2;
  return [
    'Rows by what each rule said, among all rows that were decided on, kept or not: all rules judge every row, so a row counts in every line' +
      (onePreset ? '. ' : ' of its preset. ') +
      'Of several that say drop, the first in this order counts above. `note` marks rows without leaving them out.' +
      (judgesAll ? '' : ' `not judged`: the rule needs a fact that nobody says of the row; it neither drops nor clears it.'),
    table(
      [...(onePreset ? [] : ['preset']), 'rule', 'version', 'keep', 'note', 'drop', ...(judgesAll ? [] : ['not judged']), 'parameters'],
      filters.map(({ preset, rule, version, parameters, keep, note, drop, not_judged }) => [
        ...(onePreset ? [] : [preset]),
        rule,
        version,
        keep,
        note,
        drop,
        ...(judgesAll ? [] : [not_judged]),
        `\`${JSON.stringify(parameters)}\``,
      ]),
    ),
  ];
}

function nearDuplicatesTable({ unlike, kept, left_out, not_judged }: ReleaseFigures['near_duplicates']): string {
  return table(
    ['near-duplicates', 'rows'],
    [
      ['unlike the others', unlike],
      ['nearly the same as another, in the release', kept],
      ['nearly the same as another, not in the release', left_out],
      ...(not_judged > 0 ? [['not compared', not_judged]] : []),
    ],
  );
}

function privateOf(rows: ReleaseFigures['private']): string[] {
  return [
    'Rows of the release by what the rules on what should not be published found when the rows were decided on. Places and sorts are in `ledger.jsonl`; ' +
      'the things themselves are not. Placeholders, example addresses and accounts of images are no findings.',
    table(
      ['rule', 'rows with findings', 'rows without', 'rows not judged'],
      rows.map(({ rule, found, clean, not_judged }) => [rule, found, clean, not_judged]),
    ),
  ];
}

function redactionOf({ redaction, redacted_before = [] }: CardFacts): string[] {
  const before =
    redacted_before.length === 0
      ? []
      : [
          `This release was made of others, in which ${redacted_before.join(', ')} were replaced already; the rules' findings above are of the ` +
            'rows as they were before that, and how much was replaced is in the cards of those releases.',
        ];
  if (redaction === undefined) return before.length > 0 ? before : ['Nothing was replaced in this release.'];
  const { kinds, version, rows, places, patches, ledger_entries } = redaction;
  return [
    ...before,
    `Replaced in this release (version ${version} of the rules): ${kinds.join(', ')}. The same thing has the same replacement all over a row: ` +
      '`redacted-1@example.com`, `REDACTED_github_1`, `/home/user`. Calls and definitions of tools stay the JSON that they were. ' +
      `${rows} rows and ${ledger_entries} ledger entries have replacements; ${patches} patches are not what they were and may not apply.`,
    table(
      ['kind', 'places replaced in rows'],
      kinds.map((kind) => [kind, places[kind] ?? 0]),
    ),
  ];
}

/** Who may enter is a choice; what it kept out is said. */
function refusedOf({ query, refused_licences }: CardFacts): string[] {
  const choice = query?.licences ?? 'known';
  const rule =
    choice === 'any'
      ? 'Rows of any licence may enter this release, also of none that is stated.'
      : choice === 'known'
        ? 'Rows enter this release if the licence of their repository is stated and has an SPDX name.'
        : `Rows enter this release under these licences alone: ${choice.map(plain).join(', ')}.`;
  if (refused_licences.length === 0) return [`${rule} None was kept out.`];
  return [
    `${rule} Kept out, of rows that the filters keep:`,
    table(
      ['why', 'rows'],
      refused_licences.map(({ licence, rows }) => [plain(licence), rows]),
    ),
  ];
}
