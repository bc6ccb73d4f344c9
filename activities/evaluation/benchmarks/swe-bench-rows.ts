import { z } from 'zod';
import { CommitHash, InstanceId, type Language } from '../../../schemas/names.ts';
import { Task } from '../../../schemas/task.ts';
import { parserNames } from '../../verification/index.ts';
import type { Benchmark, InstanceCommands, RowContext, RowReading } from './benchmark.ts';
import { columnNames, readColumns, readTask } from './columns.ts';
import { testCommands } from './eval-script.ts';

const { FAIL_TO_PASS, PASS_TO_PASS } = Task.shape;

/** Columns of SWE-bench's sets; the last ones came with version 5 of the package and are there all or none. */
const SweBenchRow = z.strictObject({
  repo: z.string(),
  instance_id: InstanceId,
  base_commit: CommitHash,
  patch: z.string(),
  test_patch: z.string(),
  problem_statement: z.string(),
  hints_text: z.string().optional(),
  created_at: z.union([z.string(), z.number()]).optional(),
  version: z.union([z.string(), z.number()]),
  FAIL_TO_PASS,
  PASS_TO_PASS,
  environment_setup_commit: z.string().optional(),
  difficulty: z.string().optional(),
  image: z.string().optional(),
  eval_script: z.string().optional(),
  log_parser: z.string().optional(),
  eval_type: z.enum(['pass_and_fail', 'fail_only']).optional(),
  image_assets: z.unknown().optional(),
});
type SweBenchRow = z.infer<typeof SweBenchRow>;

const ofVersion5 = ['image', 'eval_script', 'log_parser', 'eval_type'] as const;

/** Where a container of an image of SWE-bench has the repository. */
const workdir = '/testbed';

export interface SweBenchSet {
  name: string;
  title: string;
  instances: number | null;
  /** By the repository and the files of the gold patch. */
  languageOf: (repo: string, patch: string) => Language | undefined;
}

/** A set of SWE-bench: rows of the form of version 4, or those of version 5, which say how they are tested. */
export function sweBenchSet({ name, title, instances, languageOf }: SweBenchSet): Benchmark {
  return {
    name,
    title,
    instances,
    columns: columnNames(SweBenchRow),
    needsCommands: (row) => ofVersion5.every((column) => row[column] === undefined || row[column] === null),
    read(row, context) {
      const parsed = readColumns(SweBenchRow, row);
      if (!parsed.ok) return parsed;
      const { columns } = parsed;
      const missing = ofVersion5.filter((column) => columns[column] === undefined);
      if (missing.length > 0 && missing.length < ofVersion5.length) {
        return {
          ok: false,
          problems: missing.map((column) => `${column}: the column is missing or empty, although others of its kind are there`),
        };
      }
      const language = languageOf(columns.repo, columns.patch);
      if (language === undefined) return { ok: false, problems: [`repo: no language is known for ${columns.repo}`] };
      return instanceOf(row, columns, language, context);
    },
  };
}

function instanceOf(row: Readonly<Record<string, unknown>>, columns: SweBenchRow, language: Language, context: RowContext): RowReading {
  const { instance_id, repo } = columns;
  const commands = commandsOf(columns, context);
  const tested =
    typeof commands === 'string' ? { ok: false as const, reason: commands } : testCommands(commands.eval_script, columns.test_patch);
  const log_parser = typeof commands === 'string' ? `swebench:${repo}` : `swebench:${commands.log_parser}`;
  const read = readTask({
    instance_id,
    repo,
    language,
    base_commit: columns.base_commit,
    patch: columns.patch,
    test_patch: columns.test_patch,
    problem_statement: columns.problem_statement,
    FAIL_TO_PASS: columns.FAIL_TO_PASS,
    PASS_TO_PASS: columns.PASS_TO_PASS,
    image_name: columns.image ?? imageName(instance_id, context.namespace),
    install_config: { test_cmd: tested.ok ? tested.commands : [unknownCommands], log_parser },
    created_at: columns.created_at,
    workdir,
  });
  if (!read.ok) return read;
  const form = columns.image === undefined ? 'swebench4' : 'swebench5';
  return {
    ok: true,
    form,
    instance: { instance_id, repo, language, task: read.task, no_cross_check: whyNot(commands, tested, log_parser), row },
  };
}

const unknownCommands = 'echo "it is not known how this instance is tested" >&2; exit 1';

function commandsOf(columns: SweBenchRow, { commands }: RowContext): InstanceCommands | string {
  const { eval_script, log_parser, eval_type } = columns;
  if (eval_script !== undefined && log_parser !== undefined && eval_type !== undefined) return { eval_script, log_parser, eval_type };
  return commands.get(columns.instance_id) ?? 'its row does not say how it is tested, and the package swebench was not asked';
}

function whyNot(commands: InstanceCommands | string, tested: ReturnType<typeof testCommands>, parser: string): string | null {
  if (typeof commands === 'string') return commands;
  if (!tested.ok) return tested.reason;
  if (commands.eval_type === 'fail_only') return 'its tests are judged by the failures alone that the log shows';
  return parserNames().includes(parser) ? null : `no parser here reads the logs of ${commands.log_parser}`;
}

/** By the rule of the published images; `namespace` is another account or registry that holds them. */
function imageName(instanceId: string, namespace = 'swebench'): string {
  return `${namespace}/sweb.eval.x86_64.${instanceId.toLowerCase().replaceAll('__', '_1776_')}:latest`;
}
