import { z } from 'zod';
import { CommitHash, InstanceId, Language, RowLanguage } from './names.ts';

const stringList = z.union([
  z.array(z.string()),
  z.string().transform((text, ctx) => {
    // So some exporters write that there are none.
    if (text.trim() === '') return [];
    try {
      return z.array(z.string()).parse(JSON.parse(text));
    } catch {
      ctx.addIssue({ code: 'custom', message: 'neither a list of strings nor a JSON-encoded one' });
      return z.NEVER;
    }
  }),
]);

const jsonOrObject = <T extends z.ZodType>(shape: T) =>
  z.preprocess((value) => {
    if (typeof value !== 'string') return value;
    try {
      return JSON.parse(value);
    } catch {
      return value;
    }
  }, shape);

/** How the repository is tested. `test_cmd` keeps upstream's tolerance: a string or a list, blanks dropped. */
export const InstallConfig = z.looseObject({
  test_cmd: z
    .union([z.string(), z.array(z.unknown())])
    .transform((value) =>
      (typeof value === 'string' ? [value] : value).filter((line): line is string => typeof line === 'string' && line.trim() !== ''),
    )
    .refine((lines) => lines.length > 0, 'no test command left after dropping blank ones'),
  log_parser: z.string().min(1),
  /** One line stands for a list of one. */
  install: z.union([z.array(z.string()), z.string().transform((line) => (line.trim() === '' ? [] : [line]))]).nullish(),
});

/** One pull request with its repository state: a superset of a SWE-rebench-V2 row. */
export const Task = z.looseObject({
  instance_id: InstanceId,
  repo: z.string().regex(/^[^/\s]+\/[^/\s]+$/, 'owner/name'),
  language: Language,
  base_commit: CommitHash,
  /** The gold patch without its tests. */
  patch: z.string().min(1),
  test_patch: z.string().min(1),
  problem_statement: z.string().min(1),
  FAIL_TO_PASS: stringList.refine((names) => names.length > 0, 'no test that the fix makes pass'),
  PASS_TO_PASS: stringList,
  image_name: z.string().min(1),
  install_config: jsonOrObject(InstallConfig),
  license: z.string().nullish(),
  created_at: z.union([z.number(), z.string()]).nullish(),
  meta: jsonOrObject(z.looseObject({ num_modified_files: z.int().nullish(), num_modified_lines: z.int().nullish() })).nullish(),
  interface: z.string().nullish(),
  pr_description: z.string().nullish(),
  /** Where the repository lies in the image; by default `/` and the second half of `repo`. */
  workdir: z.string().startsWith('/').optional(),
  /** Which dataset the row came from. */
  hf_dataset_name: z.string().optional(),
});
export type Task = z.infer<typeof Task>;

/** What scanner, filters and releases need of a task. Of a row of another tool parts of it are unknown, and empty. */
export const TaskFacts = z.looseObject({
  instance_id: InstanceId,
  /** `owner/name`, or empty. */
  repo: z.string(),
  language: RowLanguage,
  patch: z.string(),
  test_patch: z.string(),
  problem_statement: z.string(),
  license: Task.shape.license,
  meta: Task.shape.meta,
  hf_dataset_name: Task.shape.hf_dataset_name,
});
export type TaskFacts = z.infer<typeof TaskFacts>;
