import { z } from 'zod';
import { Budget } from './budget.ts';
import { Campaign, CampaignConcurrency, HarnessSettings, SandboxLimits, Teacher } from './campaign.ts';
import { JobBackendSettings, JobNeedsChange } from './job.ts';
import { CommitHash, HarnessName, InstanceId, Mode } from './names.ts';
import { RunName, StudentBase } from './student.ts';

const { thinking, sampling: Sampling, model: ModelName, base_url: BaseUrl, api_key_env: ApiKeyEnv } = Teacher.shape;
const { control, resend } = thinking.unwrap().shape;

/** How the tasks of a benchmark are found; each benchmark says which of these it needs. */
const EvaluationBenchmark = z.strictObject({
  name: z.string().min(1).describe('verified, multilingual, pro, swe-bench, swe-rebench or tasks'),
  /** Files of the benchmark's published columns: Parquet or JSONL. Nothing is downloaded. */
  data: z.array(z.string().min(1)).min(1),
  /** Of the images on their registry, where the benchmark's own is not meant. */
  namespace: z.string().optional(),
});

/** A server that runs already, with a model on it. */
const Endpoint = z.strictObject({ base_url: BaseUrl, model: ModelName, api_key_env: ApiKeyEnv });

/** A server that is started as a job, and stopped at the end. */
const Serving = z.strictObject({
  /** Folder in the form of Hugging Face. */
  checkpoint: z.string().min(1).optional(),
  /** Instead: the newest model of a training's variant, `NAME/VARIANT`. */
  training: z
    .string()
    .regex(/^[a-z0-9][a-z0-9-]*\/[a-z0-9][a-z0-9-]*$/, 'the name of a training and of its variant: NAME/VARIANT')
    .optional(),
  engine: z.enum(['vllm', 'sglang', 'vllm-cpu']).default('vllm'),
  backend: JobBackendSettings.default({ type: 'local' }),
  needs: JobNeedsChange.optional().describe('instead of what the engine asks for'),
  /** Program of the engine; by default the one on the path, for `vllm-cpu` that of the environment that Tracemill makes. */
  program: z.string().min(1).optional(),
  /** Flags of the engine without the leading dashes, beyond or instead of those of its profile; `true` for one without a value, `false` leaves one out. */
  flags: z.record(z.string().regex(/^[a-z][a-z0-9-]*$/), z.union([z.string(), z.number(), z.boolean()])).default({}),
  environment: z.record(z.string(), z.string()).default({}),
  startup_minutes: z.number().positive().default(30).describe('after which a server that gives no token counts as failed'),
  restarts: z.int().min(0).default(5).describe('times that a server that ended is started again'),
});

/** What is different in one mode. */
const EvaluationMode = z.strictObject({
  /** Beyond or instead of the sampling of the base. */
  sampling: Sampling,
  /** Where one endpoint has a model for each mode. */
  model: ModelName.optional(),
  /** Beyond or instead of how a student is asked for its mode and sent its reasoning. */
  thinking: z.strictObject({ control: control.unwrap().optional(), resend: resend.unwrap().optional() }).prefault({}),
});

const Grader = z.strictObject({
  /** A checkout of the benchmark's own evaluation program, where that is on no package registry. */
  checkout: z.string().optional(),
  commit: CommitHash.optional().describe('that the checkout has to be at'),
  /** Some programs evaluate text of the dataset as code: whoever sets this trusts the rows like a program. */
  dataset_is_code: z.boolean().default(false),
  gold: z.boolean().default(false).describe('grade the gold patches first, and list those that do not pass'),
  /** Instances graded at the same time. */
  workers: z.int().min(1).default(2),
  timeout_seconds: z.number().positive().default(1800).describe('for the tests of one instance'),
});

/** An evaluation file (YAML). Relative paths are taken from the file's folder. */
export const EvaluationFile = z.strictObject({
  name: RunName,
  benchmark: EvaluationBenchmark,
  /** A fixed part of the benchmark: the same instances for the same size and seed. */
  subset: z
    .strictObject({
      size: z.int().min(1),
      seed: z.int().min(0).default(0),
      stratify_by: z.array(z.enum(['language', 'repo'])).default(['language', 'repo']),
    })
    .optional(),
  /** Only these instance ids. */
  only: z.array(InstanceId).min(1).optional(),
  model: z.strictObject({
    /** In predictions and reports. */
    name: z.string().min(1),
    endpoint: Endpoint.optional(),
    serve: Serving.optional(),
    /** What the student was made from: decides chat template, parsers, sampling and how a mode is asked for. */
    base: StudentBase.optional(),
    /** The longest row that it was trained on; for a student of `serve.training` that of the training. */
    trained_tokens: z.int().min(1).optional(),
    prices: Teacher.shape.prices,
  }),
  harnesses: z.record(HarnessName, HarnessSettings).refine((chosen) => Object.keys(chosen).length > 0, 'no harness chosen'),
  modes: z.partialRecord(Mode, EvaluationMode).refine((modes) => Object.keys(modes).length > 0, 'no mode chosen'),
  runs: z.int().min(1).max(64).default(3),
  max_turns: z.int().min(1).default(250),
  context_tokens: z.int().min(1).default(262_144).describe('for which the model is served'),
  concurrency: CampaignConcurrency.default(8),
  requests: Teacher.shape.concurrency.describe('to the model at the same time'),
  budget: Budget.prefault({}),
  /** `none`: our own verification alone. */
  grader: z.union([z.literal('none'), Grader]).prefault({}),
  /** Name of the evaluation that this one is compared with. */
  baseline: RunName.optional(),
  /** `lenient`: a model that makes no sense may pass, by a call that the server forces. For proofs; said in the report. */
  canary: z.enum(['strict', 'lenient']).default('strict'),
  reruns: z.int().min(0).default(2).describe('times that what infrastructure lost is run again'),
  rollout: Campaign.shape.rollout,
  sandbox: SandboxLimits.prefault({}),
  verification: z
    .strictObject({
      timeout_seconds: z.number().positive().default(1800),
      gate_runs: z.int().min(1).max(20).default(1).describe('of the gold patch, before the rollouts'),
    })
    .prefault({}),
});
export type EvaluationFile = z.infer<typeof EvaluationFile>;
