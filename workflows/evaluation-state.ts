import type {
  CanaryReport,
  EvaluationProgress,
  EvaluationResult,
  EvaluationServer,
  EvaluationStart,
  PlannedEvaluation,
  ServerEnd,
} from '../schemas/evaluation-run.ts';
import type { ReportedProblem } from '../schemas/reported-problem.ts';
import { evaluationCampaign } from './contract/ids.ts';

/** Ends of a server that the backend is the cause of: they do not count against the restarts of the file. */
const takenAway = new Set(['preempted', 'timed_out', 'node_failed']);

/** Where an evaluation stands, and how often its server may be started again. */
export class EvaluationState {
  stage: EvaluationProgress['stage'] = 'planning';
  host: string | null = null;
  planned: PlannedEvaluation | null = null;
  server: EvaluationServer | null = null;
  base_url: string | null = null;
  canary: CanaryReport[] = [];
  reruns = 0;
  result: EvaluationResult | null = null;
  problem: ReportedProblem | null = null;
  readonly #start: EvaluationStart;
  readonly #ends: Record<string, number> = {};
  #restarts = 0;

  constructor(start: EvaluationStart) {
    this.#start = start;
  }

  /** Times that its server was started again. */
  get restarts(): number {
    return this.#restarts;
  }

  get mayRerun(): boolean {
    return this.reruns < this.#start.file.reruns;
  }

  /** Counts an end of the server while it was needed. True when it may be started again. */
  serverEnded({ state }: ServerEnd): boolean {
    this.base_url = null;
    this.#ends[state] = (this.#ends[state] ?? 0) + 1;
    const own = Object.entries(this.#ends).reduce((sum, [end, count]) => (takenAway.has(end) ? sum : sum + count), 0);
    if (own > (this.planned?.serving?.restarts ?? 0)) return false;
    this.#restarts += 1;
    return true;
  }

  progress(): EvaluationProgress {
    const { stage, host, planned, server, base_url, canary, reruns, result, problem } = this;
    const { name } = this.#start.file;
    return {
      evaluation: name,
      stage,
      host,
      instances: planned?.instances ?? 0,
      rollouts: planned?.rollouts ?? 0,
      campaign: evaluationCampaign(name),
      server: server === null ? null : { job: server.spec.name, id: server.ref.id, base_url, ends: { ...this.#ends } },
      canary,
      reruns,
      result,
      problem,
    };
  }
}
