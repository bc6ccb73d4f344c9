import { z } from 'zod';
import { Message, ToolDefinition } from './message.ts';
import { Place } from './place.ts';
import { Ending } from './trajectory.ts';
import { Resolved } from './verdict.ts';

/** File formats that trajectories of others are read from; the names that `--from` takes. */
export const IngestedFormat = z.enum([
  'tracemill',
  'ingested',
  'open-swe-traces',
  'sweagent',
  'openhands',
  'openhands-completions',
  'openhands-v1',
  'mini-swe-agent',
  'atif',
  'claude-code',
  'codex',
  'gemini-cli',
  'inspect',
  'goose',
  'opencode',
  'nebius-openhands',
  'nebius-sweagent',
  'swe-zero',
  'openai',
]);
export type IngestedFormat = z.infer<typeof IngestedFormat>;

/** Something that the file holds and that the messages lack: it was not understood. */
export const Loss = z.object({
  what: z.enum(['call', 'result', 'assistant', 'message']),
  reason: z.string(),
  /** Index of the file's message from 0; null where it stands in none. */
  message: z.int().min(0).nullable(),
});
export type Loss = z.infer<typeof Loss>;

/** What a run used as its file says it; null where the file does not. */
const IngestedUsage = z.object({
  cost_usd: z.number().min(0).nullable(),
  /** Requests to the model. */
  calls: z.int().min(0).nullable(),
  prompt_tokens: z.int().min(0).nullable(),
  completion_tokens: z.int().min(0).nullable(),
  cached_tokens: z.int().min(0).nullable(),
  reasoning_tokens: z.int().min(0).nullable(),
});

/** A trajectory as somebody else's tool recorded it, in the one message format. `null`: the file does not say. */
export const IngestedTrajectory = z.object({
  /** The file's own id, else the instance id, else the place in the file. */
  id: z.string().min(1),
  format: IngestedFormat,
  /** Where it was read last; null in files of earlier versions. */
  place: Place.nullable().default(null),
  instance_id: z.string().nullable(),
  repo: z.string().nullable(),
  base_commit: z.string().nullable(),
  /** The repository's licence, as the file names it. */
  license: z.string().nullable().default(null),
  language: z.string().nullable().default(null),
  /** The data set of its task. */
  hf_dataset_name: z.string().nullable().default(null),
  /** `openhands`, `openhands-v1`, `sweagent`, `mini-swe-agent`, or the file's own name for another agent. */
  harness: z.string().nullable(),
  model: z.string().nullable(),
  /** How hard it was told to think, in the server's word. */
  reasoning_effort: z.string().nullable().default(null),
  /** Malformed calls stand as they came; ids that are missing or not unique are made up. */
  messages: z.array(Message).min(1),
  tools: z.array(ToolDefinition),
  ending: Ending.nullable(),
  /** The file's own word for how the run ended. */
  exit_status: z.string().nullable().default(null),
  usage: IngestedUsage.nullable().default(null),
  model_patch: z.string().nullable(),
  /** The task's own solution, where the file carries it. */
  reference_patch: z.string().nullable(),
  resolved: Resolved.nullable(),
  /** Whether later history was removed from the repository that the agent saw. */
  image_cleaned: z.boolean().nullable(),
  /** Oddities found while reading, one line each; empty for a file in order. */
  reported: z.array(z.string()),
  /** What is missing in the messages; empty when everything was understood. */
  lost: z.array(Loss).default([]),
});
export type IngestedTrajectory = z.infer<typeof IngestedTrajectory>;
