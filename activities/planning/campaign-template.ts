import { stringify } from 'yaml';
import type { Teacher } from '../../schemas/campaign.ts';
import type { Mode } from '../../schemas/names.ts';

/** What a first campaign file has to say; the rest has defaults, which the file shows. */
export interface CampaignWish {
  name: string;
  /** Paths from the file's folder, or addresses. */
  tasks: readonly string[];
  harnesses: readonly string[];
  modes: readonly Mode[];
  model: string;
  baseUrl: string;
  apiKeyEnv?: string | undefined;
  thinking?: Teacher['thinking']['control'] | undefined;
  samples: number;
  /** 0 for no limit. */
  budgetUsd: number;
  budgetTokens: number;
  promptUsdPerMillion: number;
  completionUsdPerMillion: number;
}

/** A campaign file with its comments: valid as it is, and a place to go on from. */
export function campaignTemplate(wish: CampaignWish): string {
  const { name, tasks, harnesses, modes, model, baseUrl, apiKeyEnv, thinking, samples } = wish;
  const value = (given: unknown) => stringify(given, { lineWidth: 0, collectionStyle: 'flow' }).trimEnd();
  const key =
    apiKeyEnv === undefined
      ? '    # api_key_env: MODEL_KEY         # name of a variable of the worker’s environment, never the key itself'
      : `    api_key_env: ${apiKeyEnv}         # name of a variable of the worker’s environment, never the key itself`;
  return `# A campaign: every task × harness × mode × sample is one rollout. docs/configuration.md describes every field.
# Start it, or go on with it: tracemill campaign start FILE --wait
name: ${value(name)}

# Files, folders or http(s) addresses with tasks: YAML, JSON, JSONL, Parquet. tracemill task init makes one of a commit.
tasks:
${tasks.map((task) => `  - ${value(task)}`).join('\n')}

# The agent loops, each with its own settings: the model gets so many turns before a rollout ends.
harnesses:
${harnesses.map((harness) => `  ${harness}: { max_turns: 100 }`).join('\n')}

# think: the teacher reasons before it answers; no_think: it does not. Each names a teacher below.
modes:
${modes.map((mode) => `  ${mode}: teacher`).join('\n')}

teachers:
  teacher:
    model: ${value(model)}
    base_url: ${value(baseUrl)}
${key}
    # How reasoning is switched: chat_template_kwargs (vLLM, SGLang), always, never, suffix, suffix_and_kwargs.
    thinking: { control: ${thinking ?? 'chat_template_kwargs'} }
    # Sent as they are: temperature, top_p, top_k, max_tokens, …
    sampling: {}
    # For the budget and the figures; 0 where tokens cost nothing.
    prices: { prompt_usd_per_million: ${wish.promptUsdPerMillion}, completion_usd_per_million: ${wish.completionUsdPerMillion} }
    # Requests at the same time.
    concurrency: 8

# Rollouts of each task × harness × mode.
samples: ${samples}

# Tasks in work at the same time; tracemill campaign concurrency changes it while it runs.
concurrency: 2

# 0 is no limit. A request that could exceed it waits; tracemill campaign budget raises it while it runs.
budget: { cost_usd: ${wish.budgetUsd}, tokens: ${wish.budgetTokens} }

# What one container may use.
sandbox: { memory_mb: 4096, cpus: 1 }

# Which rollouts become rows: open-swe-traces, strict, … (docs/filters.md).
filtering: { preset: open-swe-traces }

# The dataset that is built when all is done. It publishes rows as they are; redact replaces what should not be published: all, or
# some of secrets, high_entropy, emails, home_folders (docs/dataset.md). form is the name of the column with the messages:
# trajectory or messages. licences are those that rows may have: known (any with an SPDX name), any, or a list.
release:
  build: true
  version: v1
  # redact: all
  # form: messages
  # licences: [MIT, Apache-2.0, BSD-2-Clause, BSD-3-Clause]
`;
}
