import type { EvaluationRecord } from '../schemas/evaluation-record.ts';
import type { EvaluationPlan, EvaluationResult } from '../schemas/evaluation-run.ts';
import type { EvaluationStatus } from '../schemas/evaluation-status.ts';
import { progressLine, statusText } from './campaign-view.ts';

/** An evaluation in a few lines, and its rollouts in a few more. */
export function evaluationText(status: EvaluationStatus): string {
  const { evaluation, workflow, progress, doing, rollouts, problem } = status;
  const lines = [`${evaluation}: ${stageOf(status)}`];
  if (problem !== null) lines.push(`${problem.code}: ${problem.message}`, ...(problem.hint === '' ? [] : [`→ ${problem.hint}`]));
  if (workflow === 'running' && progress === null) lines.push('no worker answers for now (start one: tracemill worker)');
  for (const { step, attempt, doing: what, problem: before } of doing) {
    if (step === 'watchServer') continue;
    lines.push(
      `${step}${attempt > 1 ? `, attempt ${attempt}` : ''}: ${what === '' ? 'under way' : what}${before === null ? '' : ` (before: ${before})`}`,
    );
  }
  if (progress !== null) lines.push(...ownLines(progress));
  if (rollouts !== null) lines.push('', statusText(rollouts));
  return lines.join('\n');
}

function ownLines({ instances, rollouts, server, canary, reruns, result }: NonNullable<EvaluationStatus['progress']>): string[] {
  const ends = Object.entries(server?.ends ?? {}).map(([state, count]) => `${state} ${count}×`);
  return [
    ...(instances > 0
      ? [`${instances} instances, ${rollouts} rollouts${reruns === 0 ? '' : `; what was lost is run again for the ${reruns}. time`}`]
      : []),
    ...(server === null
      ? []
      : [`server ${server.job} (${server.id}): ${server.base_url ?? 'not ready'}${ends.length === 0 ? '' : `; ended ${ends.join(', ')}`}`]),
    ...canary.map(
      ({ mode, strictness, passed, unchecked }) =>
        `canary ${mode}${strictness === 'lenient' ? ' (lenient)' : ''}: ${passed.join(', ')}${unchecked.length === 0 ? '' : `; not checked: ${unchecked.join('; ')}`}`,
    ),
    ...(result === null ? [] : [resultText(result)]),
  ];
}

export function resultText({ folder, counts, unchanged }: EvaluationResult): string {
  const { outcomes, resolved, infra_errors, not_run } = counts;
  const lost = infra_errors + not_run === 0 ? '' : `, ${infra_errors} lost to infrastructure, ${not_run} not run`;
  return `${resolved} of ${outcomes} rollouts resolved${lost}${unchanged ? '; nothing was left to run' : ''}\nreport: ${folder}`;
}

/** One line, for logs and terminals that cannot redraw. */
export function evaluationLine(status: EvaluationStatus): string {
  const { progress, rollouts, doing } = status;
  if (progress?.stage === 'rollouts' && rollouts !== null) return progressLine(rollouts);
  const what = doing.filter(({ step, doing: text }) => step !== 'watchServer' && text !== '').map(({ doing: text }) => text);
  return [stageOf(status), ...what].join(': ');
}

function stageOf({ workflow, progress }: EvaluationStatus): string {
  if (workflow !== 'running') return workflow === 'completed' ? 'done' : workflow;
  return progress?.stage ?? workflow;
}

/** What a start would run. */
export function planText({ file, benchmark, rollouts, checkpoint, notes, form }: EvaluationPlan): string {
  const harnesses = Object.keys(file.harnesses).join(', ');
  const modes = Object.keys(rollouts.campaign.modes).join(', ');
  const count = benchmark.instances.length * Object.keys(file.harnesses).length * Object.keys(rollouts.campaign.modes).length * file.runs;
  const [teacher] = Object.values(rollouts.campaign.teachers);
  return [
    `${benchmark.instances.length} instances of ${benchmark.name} → ${count} rollouts (${harnesses}; ${modes}; ${file.runs} runs each)`,
    `set ${benchmark.set_sha256.slice(0, 12)}, grader ${file.grader === 'none' ? 'none' : form}`,
    checkpoint === null
      ? `model ${teacher?.model ?? ''} at ${file.model.endpoint?.base_url ?? ''}`
      : `model ${teacher?.model ?? ''} from ${checkpoint.folder}, served by ${file.model.serve?.engine ?? ''} on ${file.model.serve?.backend.type ?? ''}`,
    ...notes.map((note) => `note: ${note}`),
  ].join('\n');
}

/** A record as it is kept: what was measured, and how. */
export function recordText({ name, benchmark, model, grader, protocol, outcomes, started_at, ended_at }: EvaluationRecord): string {
  const verdicts = Map.groupBy(outcomes, ({ verdict }) => verdict);
  const cells = protocol.cells.map(({ harness, mode }) => `${harness} ${mode}`).join(', ');
  return [
    `evaluation ${name}: ${model.name} on ${benchmark.name}, ${benchmark.instances.length} instances (set ${benchmark.set_sha256.slice(0, 12)})`,
    `${started_at} to ${ended_at}`,
    `${cells}; ${protocol.runs} runs each, ${protocol.max_turns} turns, ${protocol.context_tokens} tokens`,
    `graded by ${grader === null ? 'our own verification' : `${grader.name} ${grader.version}`}`,
    `outcomes: ${[...verdicts].map(([verdict, all]) => `${all.length} ${verdict}`).join(', ')}`,
    ...(benchmark.gold_failures.length === 0 ? [] : [`gold patch does not pass here: ${benchmark.gold_failures.join(', ')}`]),
    '',
    ...Object.entries(model.facts).map(([fact, value]) => `${fact}: ${value}`),
    '',
    `all figures: tracemill evaluation report ${name}`,
  ].join('\n');
}
