import type { PipelineProgress, PipelineStage, PipelineStart, PipelineStep } from '../schemas/pipeline.ts';
import type { ReportedProblem } from '../schemas/reported-problem.ts';

const order: readonly PipelineStage[] = ['campaign', 'training', 'evaluation', 'report'];

/** The steps of a pipeline, and what became of each. */
export class PipelineState {
  readonly steps: PipelineStep[];
  readonly #name: string;

  constructor({ name, from, campaign, training, evaluations }: PipelineStart) {
    this.#name = name;
    const step = (stage: PipelineStage, of: string): PipelineStep => ({
      stage,
      name: of,
      state: order.indexOf(stage) < order.indexOf(from) ? 'left_out' : 'waiting',
      started_at: null,
      ended_at: null,
      problem: null,
    });
    this.steps = [
      ...(campaign === null ? [] : [step('campaign', campaign.name)]),
      ...(training === null ? [] : Object.keys(training.variants).map((variant) => step('training', `${training.name}/${variant}`))),
      ...evaluations.map(({ file }) => step('evaluation', file.name)),
      step('report', name),
    ];
  }

  /** The state of a step; undefined for one that the pipeline does not have. */
  stateOf(stage: PipelineStage, name: string): PipelineStep['state'] | undefined {
    return this.#find(stage, name)?.state;
  }

  begin(stage: PipelineStage, name: string, now: number): void {
    this.#change(stage, name, { state: 'running', started_at: now });
  }

  end(stage: PipelineStage, name: string, state: 'done' | 'unchanged', now: number): void {
    this.#change(stage, name, { state, ended_at: now });
  }

  fail(stage: PipelineStage, name: string, problem: ReportedProblem, now: number): void {
    this.#change(stage, name, { state: 'failed', ended_at: now, problem });
  }

  /** A step whose input another step was to make. */
  leave(stage: PipelineStage, name: string, problem: ReportedProblem): void {
    this.#change(stage, name, { state: 'not_run', problem });
  }

  get failures(): PipelineStep[] {
    return this.steps.filter(({ state }) => state === 'failed' || state === 'not_run');
  }

  progress(): PipelineProgress {
    return { name: this.#name, steps: this.steps };
  }

  #find(stage: PipelineStage, name: string): PipelineStep | undefined {
    return this.steps.find((step) => step.stage === stage && step.name === name);
  }

  #change(stage: PipelineStage, name: string, change: Partial<PipelineStep>): void {
    const step = this.#find(stage, name);
    if (step !== undefined) Object.assign(step, change);
  }
}
