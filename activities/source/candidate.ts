import { z } from 'zod';
import type { Language } from '../../schemas/names.ts';
import { InstallConfig, Task } from '../../schemas/task.ts';
import { plainValue } from '../tables/rows.ts';

/** A list, or the same JSON-encoded. */
const names = z.preprocess((value) => (typeof value === 'string' ? parseJson(value) : value), z.array(z.string()));

/**
 * A row that is a task in form, before rules say whether it is used: any language, and what the rule
 * `runnable` looks for may be missing.
 */
export const Candidate = Task.extend({
  language: z.string().min(1),
  FAIL_TO_PASS: names.nullish().transform((list) => list ?? []),
  PASS_TO_PASS: names.nullish().transform((list) => list ?? []),
  image_name: z.string().nullish(),
  install_config: z.preprocess(
    (value) => (typeof value === 'string' ? parseJson(value) : value),
    z.looseObject({ test_cmd: z.unknown(), log_parser: z.unknown() }).nullish(),
  ),
});
export type Candidate = z.infer<typeof Candidate>;

/** Spellings of language names that sources use. */
const languageAliases: Record<string, Language> = {
  py: 'python',
  python3: 'python',
  golang: 'go',
  typescript: 'ts',
  tsx: 'ts',
  javascript: 'js',
  jsx: 'js',
  node: 'js',
  rs: 'rust',
  'c++': 'cpp',
  cxx: 'cpp',
};

/** A row's raw values as a candidate, or what is wrong with it, field by field. */
export function toCandidate(row: Record<string, unknown>): { ok: true; candidate: Candidate } | { ok: false; problems: string[] } {
  // A column that is there but empty is the same as none.
  const given = Object.fromEntries(Object.entries(row).filter(([, value]) => value !== null && value !== undefined));
  const parsed = Candidate.safeParse(plainValue(given));
  if (!parsed.success) return { ok: false, problems: problemsOf(parsed.error) };
  const spelled = parsed.data.language.trim().toLowerCase();
  return { ok: true, candidate: { ...parsed.data, language: languageAliases[spelled] ?? spelled } };
}

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

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}
