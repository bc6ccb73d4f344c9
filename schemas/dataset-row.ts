import { z } from 'zod';
import { RowLanguage } from './names.ts';
import { Resolved } from './verdict.ts';

/** A call as published: no ids, arguments as a JSON string. */
const RowToolCall = z.object({
  type: z.literal('function'),
  function: z.object({ name: z.string(), arguments: z.string() }),
});

export const RowMessage = z.object({
  role: z.enum(['system', 'user', 'assistant', 'tool']),
  content: z.string(),
  reasoning_content: z.string().nullable(),
  tool_calls: z.array(RowToolCall).nullable(),
});
export type RowMessage = z.infer<typeof RowMessage>;

const PatchStatistics = z.object({ patch: z.string(), num_modified_files: z.int(), num_modified_lines: z.int() });

/** Name of the column with the messages: `trajectory` as v1.0 calls it, `messages` as later revisions do. */
export const RowForm = z.enum(['trajectory', 'messages']);
export type RowForm = z.infer<typeof RowForm>;

/** One row as Open-SWE-Traces publishes it (v1.0 columns, with the metadata of the later revisions). */
export const DatasetRow = z.object({
  instance_id: z.string(),
  repo: z.string(),
  license: z.string(),
  language: RowLanguage,
  trajectory_id: z.uuid(),
  trajectory: z.array(RowMessage),
  /** Each item is a JSON string of one tool definition. */
  tools: z.array(z.string()),
  /** int32 in Parquet. */
  resolved: Resolved,
  metadata: z.object({
    category: z.string(),
    reference_patch: PatchStatistics,
    model_patch: PatchStatistics,
    /** `reasoning_effort` is null where nobody says it. */
    teacher_model: z.object({ name: z.string(), enable_thinking: z.boolean(), reasoning_effort: z.string().nullable().default(null) }),
    git_hack_attempted: z.boolean(),
  }),
  hf_dataset_name: z.string(),
});
export type DatasetRow = z.infer<typeof DatasetRow>;
