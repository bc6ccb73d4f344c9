import { Command } from '@commander-js/extra-typings';
import { localReleaseFolder } from '../activities/dataset/index.ts';
import type { FilterChange, ReleaseDiff, RowChange, RowStanding } from '../schemas/release-diff.ts';
import { exitCodes } from './exit-codes.ts';
import { interruption } from './interrupt.ts';
import { printResult, wantsJson } from './output.ts';
import { ProgressLine } from './progress-line.ts';
import { wholeNumber } from './whole-number.ts';

/** `tracemill release diff A B`: which rows two releases do not have alike, and which rules are behind it. */
export function diffCommand() {
  return new Command('diff')
    .description('Shows which rows a second release adds, lacks or has otherwise, with what both ledgers say of each.')
    .argument('<before>', 'folder of a release')
    .argument('<after>', 'folder of the release that is compared with it')
    .option('--limit <n>', 'rows shown of each kind; --json has all', wholeNumber, 20)
    .option('--exit-code', 'end with 1 when the releases differ')
    .addHelpText(
      'after',
      `
Rows are matched by id and compared value by value. An id follows from the name of the campaign: a row that another campaign has
with the same content is named as such.

Examples:
  $ tracemill release diff .tracemill/releases/demo/v1 .tracemill/releases/demo/v2
  $ tracemill release diff demo-v1 demo-v2 --limit 100
  $ tracemill release diff demo-v1 demo-v2 --exit-code --json`,
    )
    .action(async (before, after, { limit, exitCode = false }, command) => {
      const { diffReleases } = await import('../activities/dataset/index.ts');
      const line = new ProgressLine(wantsJson(command));
      const diff = await diffReleases(localReleaseFolder(before), localReleaseFolder(after), {
        signal: interruption(),
        onProgress: ({ rows, of }) => line.show(() => `${rows} of ${of} rows read`),
      });
      line.end();
      printResult(command, diff, () => diffText(diff, limit));
      if (exitCode && !diff.equal) process.exitCode = exitCodes.failed;
    });
}

/** The numbers first, then rows by kind, then what changed for all of them. */
export function diffText(diff: ReleaseDiff, limit: number): string {
  const { added, removed, changed, unchanged, decided_otherwise } = diff.counts;
  if (diff.equal) return `equal: ${unchanged} rows`;
  return [
    `${diff.before.rows} rows before, ${diff.after.rows} after: ${added} added, ${removed} removed, ${changed} changed, ${unchanged} alike`,
    ...(['added', 'removed', 'changed'] as const).flatMap((kind) => rowLines(diff.rows, kind, limit)),
    ...idLines(diff.decided_otherwise, decided_otherwise, limit),
    ...diff.filters.flatMap(filterLines),
    ...(diff.settings.length > 0 ? ['', `the releases as wholes differ in: ${diff.settings.join(', ')}`] : []),
  ].join('\n');
}

function rowLines(rows: readonly RowChange[], kind: RowChange['change'], limit: number): string[] {
  const ofKind = rows.filter(({ change }) => change === kind);
  if (ofKind.length === 0) return [];
  return ['', `${kind}: ${ofKind.length}`, ...ofKind.slice(0, limit).flatMap(changeLines), ...more(ofKind.length - limit)];
}

function changeLines({ change, id, instance_id, columns, before, after, rules, same_as }: RowChange): string[] {
  return [
    `  ${id}  ${instance_id}`,
    ...(same_as === undefined ? [] : [`    the same content as ${same_as} of the ${change === 'added' ? 'first' : 'second'} release`]),
    ...(columns.length > 0 ? [`    in ${columns.join(', ')}`] : []),
    ...(change === 'changed' ? [] : [`    before: ${standingText(before)}`, `    after: ${standingText(after)}`]),
    ...(change === 'changed' && before.resolved !== after.resolved
      ? [`    verdict: ${before.resolved} (${before.verdict ?? 'none'}) → ${after.resolved} (${after.verdict ?? 'none'})`]
      : []),
    ...rules.map(({ rule, before: one, after: other }) => `    ${rule}: ${decisionText(one)} → ${decisionText(other)}`),
    ...(change === 'changed' && rules.length === 0 ? ['    no rule decides otherwise'] : []),
  ];
}

function standingText({ fate, dropped_by }: RowStanding): string {
  if (fate === 'row') return 'a row';
  if (fate === 'not_selected') return "kept by the rules, but not selected by the release's query";
  if (fate === 'unrecorded') return 'not on the ledger';
  return dropped_by === null ? 'dropped' : `dropped by ${dropped_by.rule} v${dropped_by.version}: ${dropped_by.reason}`;
}

function decisionText(decision: RowChange['rules'][number]['before']): string {
  if (decision === null) return 'not asked';
  const parameters = Object.keys(decision.parameters).length === 0 ? '' : ` ${JSON.stringify(decision.parameters)}`;
  return `${decision.decision.replace('_', ' ')} (v${decision.version}${parameters}${decision.reason === '' ? '' : `: ${decision.reason}`})`;
}

function idLines(ids: readonly string[], count: number, limit: number): string[] {
  if (count === 0) return [];
  const shown = ids.slice(0, limit).map((id) => `  ${id}`);
  return ['', `alike in both, but the ledgers differ: ${count}`, ...shown, ...more(count - limit)];
}

function filterLines({ rule, before, after }: FilterChange): string[] {
  const text = (settings: FilterChange['before']) =>
    settings.map(({ preset, version, parameters }) => `v${version} in ${preset} ${JSON.stringify(parameters)}`).join(', ') || 'not applied';
  return ['', `rule ${rule}`, `  before: ${text(before)}`, `  after: ${text(after)}`];
}

function more(count: number): string[] {
  return count > 0 ? [`  and ${count} more (--json lists all)`] : [];
}
