import type { CellFigures, Distribution, RunFigures, SliceFigures } from '../../../schemas/evaluation-figures.ts';
import type { EvaluationOutcome } from '../../../schemas/evaluation-record.ts';
import { bootstrapMean } from '../statistics/bootstrap.ts';
import { wilsonInterval } from '../../../platform/wilson-interval.ts';
import { standardError } from '../statistics/proportion.ts';
import { seedOf } from '../statistics/random.ts';
import { meanOf, quantile, spreadOf } from '../statistics/spread.ts';
import { type Cell, cellLabel, groupedBy, type Instance, isMeasured, score, verdictCounts } from './cells.ts';
import { healthOf } from './health.ts';

/** The figures of one harness and mode. `trainedTokens`: the length beyond which requests are counted; null for none. */
export function cellFigures(cell: Cell, instances: readonly Instance[], trainedTokens: number | null): CellFigures {
  const runs = cell.runs.map((run, number) => runFigures(run, number, instances));
  const means = instances.map(({ instance_id }) => meanOf(cell.runs.map((run) => score(run.get(instance_id)))));
  const rate = spreadOf(runs.map((run) => run.rate)) ?? { mean: 0, sd: null, min: 0, max: 0 };
  const seed = seedOf(cellLabel(cell));
  const sum = (of: (outcome: EvaluationOutcome) => number) => distribution(cell.outcomes.map(of));
  return {
    harness: cell.harness,
    mode: cell.mode,
    runs,
    rate,
    interval: wilsonInterval(rate.mean, instances.length),
    by_instance: bootstrapMean(means, { seed }),
    by_repo: bootstrapMean(means, { seed, clusters: instances.map(({ repo }) => repo) }),
    run_to_run: runToRun(cell, instances),
    languages: slices(cell, instances, ({ language }) => language),
    repos: slices(cell, instances, ({ repo }) => repo),
    turns: sum(({ turns }) => turns),
    prompt_tokens: sum(({ prompt_tokens }) => prompt_tokens),
    completion_tokens: sum(({ completion_tokens }) => completion_tokens),
    cost_usd: sum(({ cost_usd }) => cost_usd),
    endings: counted(cell.outcomes.map(({ ending }) => ending ?? 'none')),
    beyond_trained: beyondTrained(cell.outcomes, trainedTokens),
    findings: findingFigures(cell, instances),
    health: healthOf([cell], instances.length),
  };
}

function runFigures(run: Map<string, EvaluationOutcome>, number: number, instances: readonly Instance[]): RunFigures {
  const verdicts = verdictCounts(run, instances);
  const rate = instances.length === 0 ? 0 : verdicts.resolved / instances.length;
  return {
    run: number,
    rate,
    standard_error: standardError(rate, instances.length),
    interval: wilsonInterval(rate, instances.length),
    verdicts,
  };
}

function slices(cell: Cell, instances: readonly Instance[], of: (instance: Instance) => string): SliceFigures[] {
  return groupedBy(instances, of).map(([name, members]) => {
    const rate = meanOf(members.flatMap(({ instance_id }) => cell.runs.map((run) => score(run.get(instance_id)))));
    return { name, instances: members.length, rate, interval: wilsonInterval(rate, members.length) };
  });
}

/** How often two runs of the same thing decide an instance differently. */
function runToRun({ runs }: Cell, instances: readonly Instance[]): number | null {
  let pairs = 0;
  let different = 0;
  for (const { instance_id } of instances) {
    const scores = runs
      .map((run) => run.get(instance_id))
      .filter(isMeasured)
      .map(score);
    const resolved = scores.reduce((sum, value) => sum + value, 0);
    pairs += (scores.length * (scores.length - 1)) / 2;
    different += resolved * (scores.length - resolved);
  }
  return pairs === 0 ? null : different / pairs;
}

function beyondTrained(outcomes: readonly EvaluationOutcome[], trainedTokens: number | null): CellFigures['beyond_trained'] {
  if (trainedTokens === null) return null;
  const known = outcomes.flatMap(({ longest_context }) => (longest_context === null ? [] : [longest_context]));
  if (known.length === 0) return null;
  const beyond = known.filter((tokens) => tokens > trainedTokens).length;
  return { known: known.length, beyond, share: beyond / known.length };
}

function findingFigures(cell: Cell, instances: readonly Instance[]): CellFigures['findings'] {
  const flagged = cell.outcomes.filter((outcome) => outcome.git_hack_attempted).length;
  const cleanlyResolved = cell.outcomes.filter((outcome) => score(outcome) === 1 && !outcome.git_hack_attempted).length;
  const planned = instances.length * cell.runs.length;
  return {
    flagged,
    // A rollout counts once for each category, however often it was found there.
    categories: counted(cell.outcomes.flatMap(({ findings }) => [...new Set(findings)])),
    flagged_unresolved: planned === 0 ? 0 : cleanlyResolved / planned,
    flagged_left_out: planned === flagged ? null : cleanlyResolved / (planned - flagged),
  };
}

function distribution(values: readonly number[]): Distribution {
  const sorted = Float64Array.from(values).sort();
  return {
    mean: meanOf(values),
    median: quantile(sorted, 0.5),
    p90: quantile(sorted, 0.9),
    max: sorted.at(-1) ?? 0,
    total: values.reduce((sum, value) => sum + value, 0),
  };
}

/** How often each word occurs, most frequent first. */
function counted(words: readonly string[]): Record<string, number> {
  return Object.fromEntries(groupedBy(words, (word) => word).map(([word, members]) => [word, members.length]));
}
