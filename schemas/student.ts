import { z } from 'zod';

/** The three models that a student starts from; each has a chat template and a form of tool calls of its own. */
export const StudentBase = z.enum(['thinking', 'instruct', 'coder']);
export type StudentBase = z.infer<typeof StudentBase>;

/** The name of a training, evaluation, pipeline or schedule. It becomes part of workflow ids, job names and folders. */
export const RunName = z
  .string()
  .regex(/^[a-z0-9][a-z0-9-]{0,39}$/, 'lower-case letters, digits and "-", 1 to 40 characters, starting with a letter or digit');
