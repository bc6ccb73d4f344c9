import { nameTable } from '../../../schemas/name-table.ts';
import { z } from 'zod';
import { CommitHash, InstanceId, type Language } from '../../../schemas/names.ts';
import type { Benchmark } from './benchmark.ts';
import { columnNames, readColumns, readTask } from './columns.ts';
import { pythonStrings } from './python-list.ts';

const names = z.preprocess(
  (value) => (typeof value === 'string' ? (pythonStrings(value) ?? value) : value),
  z.array(z.string(), 'not a list of strings as Python writes it'),
);

/** Columns of the first version (`v1`, 731 rows). */
const ProRow = z.strictObject({
  repo: z.string(),
  instance_id: InstanceId,
  base_commit: CommitHash,
  patch: z.string(),
  test_patch: z.string(),
  problem_statement: z.string(),
  requirements: z.string().optional(),
  interface: z.string().optional(),
  repo_language: z.string(),
  fail_to_pass: names,
  pass_to_pass: names.optional(),
  issue_specificity: z.unknown().optional(),
  issue_categories: z.unknown().optional(),
  before_repo_set_cmd: z.string(),
  selected_test_files_to_run: z.union([z.string(), z.array(z.string())]),
  dockerhub_tag: z.string(),
});

const languages: Readonly<Record<string, Language>> = nameTable({
  python: 'python',
  py: 'python',
  go: 'go',
  golang: 'go',
  js: 'js',
  javascript: 'js',
  ts: 'ts',
  typescript: 'ts',
});

export const pro: Benchmark = {
  name: 'pro',
  title: 'SWE-bench Pro',
  instances: 731,
  columns: columnNames(ProRow),
  needsCommands: () => false,
  read(row, { namespace = 'jefzda' }) {
    const parsed = readColumns(ProRow, row);
    if (!parsed.ok) return parsed;
    const { columns } = parsed;
    const language = languages[columns.repo_language.trim().toLowerCase()];
    if (language === undefined) return { ok: false, problems: [`repo_language: no language is called ${columns.repo_language}`] };
    const { instance_id, repo } = columns;
    const read = readTask({
      instance_id,
      repo,
      language,
      base_commit: columns.base_commit,
      patch: columns.patch,
      test_patch: columns.test_patch,
      problem_statement: statement(columns),
      FAIL_TO_PASS: columns.fail_to_pass,
      PASS_TO_PASS: columns.pass_to_pass ?? [],
      image_name: `${namespace}/sweap-images:${columns.dockerhub_tag}`,
      install_config: {
        test_cmd: ['echo "only the checkout of the benchmark knows how this instance is tested" >&2; exit 1'],
        log_parser: 'pro',
      },
      workdir: '/app',
    });
    if (!read.ok) return read;
    const no_cross_check = 'its test commands and the parser of their log are programs of the benchmark’s checkout';
    return { ok: true, form: 'pro', instance: { instance_id, repo, language, task: read.task, no_cross_check, row } };
  },
};

/** The benchmark shows requirements and interfaces with the issue: without them hidden tests could not be met. */
function statement({ problem_statement, requirements, interface: interfaces }: z.infer<typeof ProRow>): string {
  const parts = [
    plain(problem_statement),
    ...(requirements === undefined ? [] : [`Requirements:\n${plain(requirements)}`]),
    ...(interfaces === undefined ? [] : [`Interfaces:\n${plain(interfaces)}`]),
  ];
  return parts.join('\n\n');
}

/** Some rows hold their text as a JSON string. */
function plain(text: string): string {
  if (!/^\s*".*"\s*$/s.test(text)) return text;
  try {
    const decoded: unknown = JSON.parse(text);
    return typeof decoded === 'string' ? decoded : text;
  } catch {
    return text;
  }
}
