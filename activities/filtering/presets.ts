import type { FilterPresetName } from '../../schemas/filter-preset.ts';
import type { Effect } from './filter.ts';

/** What a preset makes of each filter's violations, and where its parameters differ from the defaults. */
export interface Preset {
  name: FilterPresetName;
  rules: Record<string, { effect: Effect; parameters?: Record<string, unknown> }>;
}

const drop = { effect: 'drop' } as const;
const note = { effect: 'note' } as const;

/**
 * `open-swe-traces` drops what the paper drops and only notes the rest. Unresolved and unverified rows stay;
 * licences are left to the source stage there.
 * `strict` drops for every rule and asks for more. `evaluation` keeps every row, since a score counts them all, and notes
 * what the others would drop.
 */
const presets: Record<Exclude<FilterPresetName, 'evaluation'>, Preset> = {
  'open-swe-traces': {
    name: 'open-swe-traces',
    rules: {
      unparsed: drop,
      licence: note,
      replay_divergence: note,
      limits: drop,
      context_overflow: drop,
      repetition: drop,
      early_termination: drop,
      malformed_calls: drop,
      unpaired_results: drop,
      concurrent_calls: drop,
      truncated_reply: note,
      no_patch: drop,
      tests_only: drop,
      test_patch_overlap: drop,
      generated_only: drop,
      test_tampering: note,
      reasoning_mode: drop,
      reply_language: note,
      observation_corruption: drop,
      length: note,
      unverified: note,
      ambiguous_verdict: note,
      git_hack: drop,
      unparsed_commands: note,
      secrets: note,
      high_entropy: note,
      personal_data: note,
      near_duplicate: note,
    },
  },
  strict: {
    name: 'strict',
    rules: {
      unparsed: drop,
      licence: drop,
      replay_divergence: drop,
      limits: drop,
      context_overflow: drop,
      repetition: { effect: 'drop', parameters: { failing: 2, any: 3 } },
      early_termination: drop,
      malformed_calls: drop,
      unpaired_results: drop,
      concurrent_calls: drop,
      truncated_reply: drop,
      no_patch: drop,
      tests_only: drop,
      test_patch_overlap: drop,
      generated_only: drop,
      test_tampering: drop,
      reasoning_mode: { effect: 'drop', parameters: { think_share: 0.5, shortest: 10 } },
      reply_language: { effect: 'drop', parameters: { share: 0.1 } },
      observation_corruption: { effect: 'drop', parameters: { share: 0.05, characters: 5 } },
      length: drop,
      unverified: drop,
      ambiguous_verdict: drop,
      git_hack: drop,
      unparsed_commands: note,
      secrets: drop,
      high_entropy: note,
      personal_data: note,
      near_duplicate: { effect: 'drop', parameters: { similarity: 0.85, within: 'task' } },
    },
  },
};

export function presetOf(name: FilterPresetName): Preset {
  if (name !== 'evaluation') return presets[name];
  return { name, rules: Object.fromEntries(Object.keys(presets['open-swe-traces'].rules).map((rule) => [rule, note])) };
}
