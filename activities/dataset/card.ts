import type { FunnelCounts } from '../../schemas/ledger-record.ts';
import type { ReleaseManifest, RowStatistics } from '../../schemas/release.ts';

/** The dataset card: front matter for hubs, then what a reader needs to know before using the rows. */
export function writeCard(release: Omit<ReleaseManifest, 'card'>): string {
  const judgesAll = release.filters.every(({ not_judged }) => not_judged === 0);
  return [
    frontMatter(release),
    `# ${release.campaign} ${release.version}`,
    `${release.rows} agent trajectories on pull requests, each with the outcome of the task's own tests. One row is one rollout: a task solved, ` +
      'or not, by a teacher model in an agent harness. Rows are kept by named rules; whatever was left out is in `ledger.jsonl` with its reasons.',
    '## Rows',
    table(
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
        'prompt tokens',
        'completion tokens',
      ],
      [
        ...release.statistics.map((cell) => statisticsLine([cell.harness, cell.mode, cell.language], cell)),
        ...totalLine(release.statistics),
      ],
    ),
    '`resolved` is 1 when every expected test passes, 0 when one does not, -1 when no verdict could be had. Compare with `== 1`: -1 is truthy.',
    '## From planned to kept',
    funnelTable(release.funnel.total),
    '## Filters',
    'All rules judge every row. Of several that say drop, the first in this order counts above. `note` marks rows without leaving them out.' +
      (judgesAll ? '' : ' `not judged`: the rule needs a fact that nobody says of the row; it neither drops nor clears it.'),
    table(
      ['rule', 'version', 'parameters', 'keep', 'note', 'drop', ...(judgesAll ? [] : ['not judged'])],
      release.filters.map(({ rule, version, parameters, keep, note, drop, not_judged }) => [
        rule,
        version,
        `\`${JSON.stringify(parameters)}\``,
        keep,
        note,
        drop,
        ...(judgesAll ? [] : [not_judged]),
      ]),
    ),
    '## Columns',
    table(
      ['column', 'type'],
      release.columns.map(({ name, type }) => [name, `\`${type}\``]),
    ),
    'Calls carry no ids: observations follow their calls in order. `arguments` and each item of `tools` are JSON strings. ' +
      '`reasoning_content` is null where the teacher did not reason.',
    '## Ledger',
    `\`ledger.jsonl\` has ${release.ledger.entries} lines, one for every row ever produced, with each rule's decision, parameters, version and evidence.`,
    '## Licence',
    "Code in patches and observations stays under its repository's licence, named in the column `license`. Whoever publishes the release chooses the terms of the rest.",
    '## Limits',
    'Tests decide what counts as resolved; they can be incomplete, and a passing patch can be wrong. The scan for looked-up answers reads commands and ' +
      'text; it cannot read minds. Near-duplicates are compared by their calls. Token counts are those the servers reported.',
    '',
  ].join('\n\n');
}

function frontMatter({ campaign, version, rows, shards }: Omit<ReleaseManifest, 'card'>): string {
  const splits = [...new Set(shards.map((shard) => shard.split))].sort();
  return [
    '---',
    `pretty_name: ${JSON.stringify(`${campaign} ${version}`)}`,
    'license: other',
    'task_categories:',
    '- text-generation',
    'tags:',
    '- code',
    '- agent',
    '- software-engineering',
    'size_categories:',
    `- ${sizeCategory(rows)}`,
    ...(splits.length === 0 ? [] : ['configs:', `- config_name: ${JSON.stringify(version)}`, '  data_files:']),
    // Names of splits have no hyphens.
    ...splits.flatMap((split) => [`  - split: ${split.replaceAll('-', '_')}`, `    path: data/${split}/**/*.parquet`]),
    '---',
  ].join('\n');
}

function sizeCategory(rows: number): string {
  if (rows < 1000) return 'n<1K';
  if (rows < 10_000) return '1K<n<10K';
  return rows < 100_000 ? '10K<n<100K' : '100K<n<1M';
}

function statisticsLine(names: string[], cell: Omit<RowStatistics, 'harness' | 'mode' | 'language'>): (string | number)[] {
  const labelled = cell.resolved + cell.unresolved;
  return [
    ...names,
    cell.rows,
    cell.resolved,
    cell.unresolved,
    cell.unknown,
    labelled === 0 ? '–' : `${((cell.resolved / labelled) * 100).toFixed(1)} %`,
    (cell.turns / cell.rows).toFixed(1),
    cell.prompt_tokens,
    cell.completion_tokens,
  ];
}

function totalLine(cells: RowStatistics[]): (string | number)[][] {
  if (cells.length === 0) return [];
  const sum = (of: (cell: RowStatistics) => number) => cells.reduce((total, cell) => total + of(cell), 0);
  const total = {
    rows: sum((cell) => cell.rows),
    resolved: sum((cell) => cell.resolved),
    unresolved: sum((cell) => cell.unresolved),
    unknown: sum((cell) => cell.unknown),
    turns: sum((cell) => cell.turns),
    prompt_tokens: sum((cell) => cell.prompt_tokens),
    completion_tokens: sum((cell) => cell.completion_tokens),
  };
  return [statisticsLine(['all', '', ''], total)];
}

function funnelTable(counts: FunnelCounts): string {
  const dropped = Object.entries(counts.dropped_by).sort(([a, m], [b, n]) => n - m || (a < b ? -1 : 1));
  return table(
    ['rollouts', ''],
    [
      ['planned', counts.planned],
      ['not finished', counts.open],
      ['task did not pass the gate', counts.gated_out],
      ['lost to infrastructure', counts.lost],
      ...(counts.unparsed > 0 ? [['not wholly readable', counts.unparsed]] : []),
      ...dropped.map(([rule, count]) => [`dropped by ${rule}`, count]),
      ['kept', counts.kept],
      ...(counts.ambiguous > 0 ? [['of these, judged by an ambiguous test log', counts.ambiguous]] : []),
    ],
  );
}

function table(head: string[], lines: (string | number)[][]): string {
  const line = (cells: (string | number)[]) => `| ${cells.map((cell) => String(cell).replaceAll('|', '\\|')).join(' | ')} |`;
  return [line(head), line(head.map(() => '---')), ...lines.map(line)].join('\n');
}
