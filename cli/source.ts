import { readFileSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { Command } from '@commander-js/extra-typings';
import { parse as parseYaml } from 'yaml';
import { inspectInThread, type Inspection } from '../activities/source/index.ts';
import { parserNames } from '../activities/verification/index.ts';
import { messageOf, Problem } from '../schemas/problem.ts';
import { SourceFilters } from '../schemas/source-filters.ts';
import { printResult } from './output.ts';
import { table } from './table.ts';

/** `tracemill source inspect INPUT…`: what the stage-1 rules keep and drop of task sources, before any container. */
export function sourceCommand() {
  return new Command('source').description('Inspects task sources.').addCommand(inspectCommand());
}

function inspectCommand() {
  return new Command('inspect')
    .description(
      'Counts how many rows of Parquet, JSONL, JSON or YAML files each stage-1 rule keeps and drops, by language. Inputs are files, folders or http(s) addresses.',
    )
    .argument('<input...>', 'files, folders or addresses with tasks')
    .option('--filters <file>', 'rules from the section `source` of this campaign file, or from a file of that section alone')
    .option('--exclude <file...>', 'lists of evaluation tasks, in addition to those of the filters')
    .addHelpText(
      'after',
      '\nExamples:\n  $ tracemill source inspect data/\n  $ tracemill source inspect train.parquet --filters campaign.yaml --exclude swe-bench-verified.txt\n  $ tracemill source inspect tasks.jsonl --json',
    )
    .action(async (inputs, options, command) => {
      const filters = options.filters === undefined ? SourceFilters.parse({}) : readFilters(options.filters);
      const exclude = [...filters.exclude, ...(options.exclude ?? [])];
      const inspection = await inspectInThread({ inputs, filters: { ...filters, exclude }, parsers: parserNames() });
      printResult(command, inspection, () => inspectionText(inspection));
    });
}

/** Relative paths of exclusion lists are taken from the file's folder. */
function readFilters(path: string): SourceFilters {
  try {
    const document: unknown = parseYaml(readFileSync(path, 'utf8'));
    const section =
      typeof document === 'object' && document !== null && ('source' in document || 'tasks' in document)
        ? 'source' in document
          ? document.source
          : {}
        : document;
    const filters = SourceFilters.parse(section ?? {});
    return { ...filters, exclude: filters.exclude.map((list) => resolve(dirname(path), list)) };
  } catch (error) {
    throw new Problem('bad_filters', `${path}: ${messageOf(error)}`, {
      hint: 'see docs/sources.md for the section `source`',
      cause: error,
    });
  }
}

function inspectionText({ rows, bad, bad_rows, rules, kept, by_language }: Inspection): string {
  const languages = Object.keys(by_language).sort((a, b) => total(by_language[b]) - total(by_language[a]));
  const all = { rule: 'all rules', kept, dropped: rows - kept, by_language };
  const counts = table(
    [...rules, all],
    [
      { title: 'rule', value: ({ rule }) => rule },
      { title: 'kept', align: 'right', value: (row) => row.kept },
      { title: 'dropped', align: 'right', value: ({ dropped }) => dropped },
      ...languages.map((language) => ({
        title: language,
        align: 'right' as const,
        value: (row: typeof all) => `${row.by_language[language]?.kept ?? 0}/${total(row.by_language[language])}`,
      })),
    ],
  );
  const reasons = rules.flatMap(({ rule, reasons: kinds }) => Object.entries(kinds).map(([reason, number]) => ({ rule, reason, number })));
  reasons.sort((a, b) => b.number - a.number);
  const parts = [`${rows} tasks, ${bad} rows that are none; by language: kept/all`, counts];
  if (reasons.length > 0) {
    parts.push(
      table(reasons.slice(0, 30), [
        { title: 'dropped by', value: ({ rule }) => rule },
        { title: 'because', value: ({ reason }) => reason },
        { title: 'rows', align: 'right', value: ({ number }) => number },
      ]),
    );
  }
  if (bad > 0)
    parts.push(
      [
        `Rows that are no tasks (first ${bad_rows.length} of ${bad}):`,
        ...bad_rows.map(({ place, code, problems }) => `  ${place}: ${code}: ${problems.join('; ')}`),
      ].join('\n'),
    );
  return parts.join('\n\n');
}

function total(counts: { kept: number; dropped: number } | undefined): number {
  return (counts?.kept ?? 0) + (counts?.dropped ?? 0);
}
