import { nameTable } from '../../../schemas/name-table.ts';
import { createHash } from 'node:crypto';
import { languageNamed } from '../../../schemas/language-names.ts';
import type { IngestedTrajectory } from '../../../schemas/ingested.ts';
import { InstanceId, type RowLanguage } from '../../../schemas/names.ts';
import { parsePatch, patchPaths } from '../../patches/patch.ts';
import type { JudgedRow, KnownTask } from './judged-row.ts';
import type { StatedFacts } from './stated-facts.ts';

/**
 * The task of a row: the one that is given, else what the row itself and the user say of it. Rows without an instance id that
 * begin with the same words work on the same task.
 */
export function knownTask({ trajectory: row, task }: JudgedRow, stated: StatedFacts): KnownTask {
  if (task !== null) return { task: { ...task, license: task.license ?? licenceOf(row, task.repo, stated) }, lacks: [] };
  const prompt = promptOf(row);
  const repo = row.repo ?? repoIn(row.instance_id) ?? stated.repo ?? '';
  const isNamed = row.instance_id !== null && row.instance_id !== '';
  return {
    task: {
      instance_id: isNamed ? instanceId(row.instance_id ?? '') : `task-${sha256(`${repo}\n${prompt}`).slice(0, 16)}`,
      repo,
      language: languageOf(row, stated),
      patch: row.reference_patch ?? '',
      test_patch: '',
      problem_statement: prompt,
      license: licenceOf(row, repo, stated),
      ...(row.hf_dataset_name !== null && { hf_dataset_name: row.hf_dataset_name }),
    },
    lacks: ['test_patch', ...(isNamed || prompt !== '' ? [] : ['task' as const])],
  };
}

function promptOf({ messages }: IngestedTrajectory): string {
  return messages.find(({ role }) => role === 'user')?.content ?? '';
}

function licenceOf({ license }: IngestedTrajectory, repo: string, { licence, licences }: StatedFacts): string | null {
  return license ?? licences?.get(repo.toLowerCase()) ?? licence ?? null;
}

/** `owner__name-7`, as benchmarks write it. */
function repoIn(instance: string | null): string | undefined {
  const parts = /^([A-Za-z0-9][\w.-]*?)__([\w.-]+)-[A-Za-z0-9]+$/.exec(instance ?? '');
  return parts === null ? undefined : `${parts[1]}/${parts[2]}`;
}

/** Ids become parts of rollout ids and file names. What does not fit is shortened, and told apart by a hash. */
function instanceId(given: string): string {
  if (InstanceId.safeParse(given).success) return given;
  const plain = given.replaceAll(/[^A-Za-z0-9._+-]+/g, '-').replace(/^[^A-Za-z0-9]+/, '');
  return `${plain.slice(0, 100) || 'task'}-${sha256(given).slice(0, 12)}`;
}

function languageOf(row: IngestedTrajectory, { language }: StatedFacts): RowLanguage {
  return languageNamed(row.language) ?? language ?? languageIn(row.model_patch ?? row.reference_patch ?? '') ?? 'unknown';
}

const extensions: Record<string, RowLanguage> = nameTable({
  py: 'python',
  go: 'go',
  ts: 'ts',
  tsx: 'ts',
  js: 'js',
  jsx: 'js',
  mjs: 'js',
  cjs: 'js',
  rs: 'rust',
  java: 'java',
  php: 'php',
  c: 'c',
  cc: 'cpp',
  cpp: 'cpp',
  cxx: 'cpp',
  hpp: 'cpp',
  rb: 'ruby',
});

/** The language of most files that a patch changes. */
function languageIn(patch: string): RowLanguage | undefined {
  const counts = new Map<RowLanguage, number>();
  for (const path of patchPaths(parsePatch(patch))) {
    const language = extensions[/\.([A-Za-z]+)$/.exec(path)?.[1]?.toLowerCase() ?? ''];
    if (language !== undefined) counts.set(language, (counts.get(language) ?? 0) + 1);
  }
  return [...counts].sort(([a, m], [b, n]) => n - m || (a < b ? -1 : 1))[0]?.[0];
}

function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}
