import type { EvaluationFigures } from '../../../../schemas/evaluation-figures.ts';
import { type Section, table, text } from '../blocks.ts';
import { amount, percent } from '../numbers.ts';

export function overview(figures: EvaluationFigures): Section {
  const { model, benchmark, grader, protocol, started_at, ended_at } = figures;
  return {
    title: 'What was measured',
    blocks: [
      table(
        'The evaluation',
        ['what', 'value'],
        [
          ['model', model.name],
          ['benchmark', `${benchmark.name}: ${amount(benchmark.instances)} instances of ${amount(benchmark.repos)} repositories`],
          ['grader', grader === null ? 'own verification' : `${grader.name} ${grader.version}`],
          ['runs', `${protocol.runs} for each of ${protocol.cells.length} cells (harness/mode)`],
          ['limits', `${amount(protocol.max_turns)} turns, ${amount(protocol.context_tokens)} tokens of context`],
          ['from, to', `${shortTime(started_at)}, ${shortTime(ended_at)} UTC`],
        ],
      ),
    ],
  };
}

export function paper({ paper: reported }: EvaluationFigures): Section[] {
  if (reported.length === 0) return [];
  return [
    {
      title: "The paper's numbers",
      blocks: [
        text(
          'From Open-SWE-Traces (arXiv 2606.16038), to stand beside ours: not measured here, with other scaffolds and settings, and no target. Inferred numbers come from summaries and contradict each other in places.',
        ),
        table(
          'Theirs, percent',
          ['scaffold', 'mode', '>rate', 'certainty'],
          reported.map(({ scaffold, mode, rate, certainty }) => [scaffold, mode ?? 'not stated', percent(rate), certainty]),
        ),
      ],
    },
  ];
}

/** For those who want to repeat it: what is long and seldom read. */
export function origin({ name, model, benchmark, protocol }: EvaluationFigures): Section {
  const facts = Object.entries(model.facts).sort(([a], [b]) => (a < b ? -1 : 1));
  return {
    title: 'Where the figures come from',
    blocks: [
      ...(facts.length === 0 ? [] : [table('The model', ['what', 'value'], facts)]),
      table(
        'Hashes',
        ['what', 'sha256'],
        [
          ['rows of the benchmark', benchmark.data_sha256],
          ['set of instances', benchmark.set_sha256],
        ],
      ),
      text(
        `Seed ${protocol.seed}. Every figure is computed from the stored record; to compute and compare them again: tracemill evaluation recompute ${name}`,
      ),
    ],
  };
}

function shortTime(time: string): string {
  return time.slice(0, 16).replace('T', ' ');
}
