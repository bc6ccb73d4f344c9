import { createHash } from 'node:crypto';
import { randomIntegers } from '../../activities/evaluation/statistics/random.ts';
import type { EvaluationOutcome, EvaluationRecord } from '../../schemas/evaluation-record.ts';
import type { Mode } from '../../schemas/names.ts';

export interface SeededEvaluation {
  name?: string;
  benchmark?: string;
  instances?: number;
  runs?: number;
  cells?: { harness: string; mode: Mode }[];
  /** Of the noise of this evaluation; the difficulty of the instances depends on their number alone. */
  seed: number;
  /** The share of what the model could do that it can no longer. */
  regression?: number;
  infraErrors?: number;
  emptyPatches?: number;
  unparsedCalls?: number;
  loops?: number;
  flagged?: number;
}

const languages = ['python', 'go', 'ts', 'rust', 'java'];

/**
 * An evaluation of a model that resolves about six of ten instances. Most instances are decided the same in every run,
 * the others by chance, so that two runs of the same model differ on about a fifth of the instances, as real ones do.
 */
export function seededRecord({
  name = 'nightly-20260101',
  benchmark = 'swe-bench-verified',
  instances: size = 200,
  runs = 1,
  cells = [{ harness: 'openhands', mode: 'think' }],
  seed,
  regression = 0,
  infraErrors = 0,
  emptyPatches = 0.01,
  unparsedCalls = 0.002,
  loops = 0.04,
  flagged = 0.02,
}: SeededEvaluation): EvaluationRecord {
  const next = randomIntegers(seed);
  const random = () => next() / 2 ** 32;
  const instances = Array.from({ length: size }, (_, index) => ({
    instance_id: `org__project${index % 20}-${index}`,
    repo: `org/project${index % 20}`,
    language: languages[Math.floor(Math.sqrt(index)) % languages.length] ?? 'python',
  }));
  const outcomes: EvaluationOutcome[] = [];
  for (const { harness, mode } of cells) {
    for (let run = 0; run < runs; run++) {
      for (const [index, { instance_id }] of instances.entries()) {
        const resolved = random() < chance(index) * (1 - regression);
        const broken = random() < infraErrors;
        const empty = !resolved && random() < emptyPatches / 0.4;
        const looped = !resolved && random() < loops / 0.4;
        const turns = 20 + Math.floor(random() ** 2 * 200);
        const verdict = broken ? 'infra_error' : resolved ? 'resolved' : empty ? 'empty_patch' : 'unresolved';
        const caught = random() < flagged;
        outcomes.push({
          instance_id,
          harness,
          mode,
          run,
          verdict,
          graded_by: broken ? 'nobody' : 'grader',
          ours: broken ? -1 : (verdict === 'resolved') !== random() < 0.004 ? 1 : 0,
          trajectory_id: null,
          patch_sha256: null,
          ending: broken ? null : looped ? (random() < 0.5 ? 'stuck' : 'turn_limit') : 'finished',
          turns,
          prompt_tokens: turns * 21_000,
          completion_tokens: turns * 350,
          longest_context: turns * 700,
          cost_usd: turns * 0.004,
          calls: turns,
          unparsed_calls: Array.from({ length: turns }, () => random() < unparsedCalls).filter(Boolean).length,
          findings: caught ? ['future_history'] : [],
          git_hack_attempted: caught,
        });
      }
    }
  }
  const ids = instances.map(({ instance_id }) => instance_id).sort();
  return {
    format: 1,
    name,
    benchmark: {
      name: benchmark,
      data_sha256: sha256('rows'),
      set_sha256: sha256(`${ids.join('\n')}\n`),
      instances,
      gold_failures: [],
    },
    model: { name: 'student', facts: { checkpoint: 'a1b2c3', server: 'vllm 0.32.0', temperature: '0.7' } },
    grader: { name: 'swebench', version: '4.1.0' },
    protocol: { cells, runs, max_turns: 250, context_tokens: 262_144, seed, trained_tokens: 131_072 },
    outcomes,
    started_at: '2026-01-01T00:00:00.000Z',
    ended_at: '2026-01-01T05:00:00.000Z',
  };
}

/** The resolve rate of the model of {@link seededRecord} without a regression. */
export function trueRate(instances: number): number {
  return Array.from({ length: instances }, (_, index) => chance(index)).reduce((sum, value) => sum + value, 0) / instances;
}

/** Four of ten instances are nearly always resolved, two nearly never, the others by chance. */
function chance(index: number): number {
  const place = ((index * 7919) % 1000) / 1000;
  return place < 0.4 ? 0.97 : place < 0.6 ? 0.02 : (place - 0.6) / 0.4;
}

function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}
