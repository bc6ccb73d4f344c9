import { z } from 'zod';
import { languageCode } from '../../schemas/language-names.ts';
import { InstallConfig, Task } from '../../schemas/task.ts';
import { plainValue } from '../tables/rows.ts';
import { isNothing, structured, textList } from './loose-values.ts';

/** A list, or what exporters make of one. A text that is no structure names no test that anybody could find. */
const names = z.preprocess(structured, z.array(z.string(), 'neither a list of strings nor one written as JSON or by Python').nullable());

const installConfig = z.preprocess((value) => {
  const config = structured(value);
  if (typeof config !== 'object' || config === null || Array.isArray(config)) return config;
  const given = Object.entries(config).filter(([, inner]) => !isNothing(inner));
  return Object.fromEntries(given.map(([key, inner]) => [key, key === 'install' || key === 'test_cmd' ? textList(inner) : inner]));
}, z.looseObject({ test_cmd: z.unknown(), log_parser: z.unknown() }).nullish());

/**
 * A row that is a task in form, before rules say whether it is used: any language, and what the rule
 * `runnable` looks for may be missing.
 */
export const Candidate = Task.extend({
  language: z.string().min(1),
  FAIL_TO_PASS: names.nullish().transform((list) => list ?? []),
  PASS_TO_PASS: names.nullish().transform((list) => list ?? []),
  image_name: z.string().nullish(),
  install_config: installConfig,
  created_at: z.union([z.number(), z.string()]).nullish(),
  meta: z.preprocess(structured, Task.shape.meta),
});
export type Candidate = z.infer<typeof Candidate>;

/** A row's raw values as a candidate, or what is wrong with it, field by field. */
export function toCandidate(row: Record<string, unknown>): { ok: true; candidate: Candidate } | { ok: false; problems: string[] } {
  // A column that is there but empty is the same as none; a text of the task itself may be any word.
  const given = Object.fromEntries(
    Object.entries(row).filter(([key, value]) => !(texts.has(key) ? value === null || value === undefined : isNothing(value))),
  );
  const parsed = Candidate.safeParse(plainValue(given));
  if (!parsed.success) return { ok: false, problems: problemsOf(parsed.error) };
  return { ok: true, candidate: { ...parsed.data, language: languageCode(parsed.data.language) } };
}

const texts = new Set(['problem_statement', 'patch', 'test_patch', 'instance_id', 'repo', 'pr_description', 'interface']);

/** The candidate as a task, or what it lacks. */
export function toTask(candidate: Candidate): { ok: true; task: Task } | { ok: false; problems: string[] } {
  const parsed = Task.safeParse(candidate);
  return parsed.success ? { ok: true, task: parsed.data } : { ok: false, problems: problemsOf(parsed.error) };
}

/** The test commands and the parser's name of a candidate, null where they are missing or blank. */
export function testCommandOf(candidate: Candidate): z.infer<typeof InstallConfig> | null {
  const parsed = InstallConfig.safeParse(candidate.install_config);
  return parsed.success ? parsed.data : null;
}

/** Which field, what is wrong, and the beginning of what stood there. */
function problemsOf(error: z.ZodError): string[] {
  return error.issues.map(({ path, message }) => `${path.length === 0 ? 'row' : path.join('.')}: ${message}`);
}
