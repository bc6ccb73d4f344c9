import { z } from 'zod';
import type { TaskFacts } from '../../../schemas/task.ts';

const LlmMetadata = z.looseObject({ pr_categories: z.array(z.string()).optional() });
const Meta = z.looseObject({ llm_metadata: z.union([LlmMetadata, z.array(LlmMetadata)]).optional() });

/** Words in SWE-rebench-V2's categories of pull requests → category of a row, the first match first. */
const CATEGORIES: [RegExp, string][] = [
  [/bug|fix|regression|security/, 'bug-fix'],
  [/feature/, 'feature-request'],
  [/./, 'enhancement'],
];

/** What kind of change the pull request is; `bug-fix` where the task does not say. */
export function categoryOf(task: Pick<TaskFacts, 'meta'>): string {
  const meta = Meta.safeParse(task.meta);
  const [first] = meta.success ? [meta.data.llm_metadata ?? []].flat() : [];
  const named = first?.pr_categories?.[0]?.toLowerCase() ?? 'bug';
  return CATEGORIES.find(([words]) => words.test(named))?.[1] ?? 'bug-fix';
}
