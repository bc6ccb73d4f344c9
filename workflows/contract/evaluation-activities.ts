import type { ArtifactRef } from '../../schemas/artifact-ref.ts';
import type { PlannedCampaign } from '../../schemas/campaign-start.ts';
import type {
  AddressInput,
  CanaryReport,
  EvaluationInput,
  EvaluationResult,
  EvaluationServer,
  EvaluationStart,
  FinishEvaluationInput,
  PlannedEvaluation,
  ServerEnd,
  ServerInput,
  ServerStart,
} from '../../schemas/evaluation-run.ts';

/**
 * An evaluation, step by step, on the host that has its files and starts its server. Every one may be done again at any
 * time.
 */
export interface EvaluationActivities {
  /**
   * Reads everything that an evaluation file names. Fails for good as bad_evaluation, bad_benchmark, evaluation_changed,
   * bad_campaign, template_bad, mode_unsupported.
   */
  planEvaluation(input: EvaluationStart): Promise<PlannedEvaluation>;
  /** Submits the server unless it runs. */
  startServer(input: EvaluationInput): Promise<EvaluationServer>;
  /** Waits until the server gives a token, or was taken away by the backend. Fails for good as server_failed or server_not_ready. */
  awaitServer(input: ServerInput): Promise<ServerStart>;
  /** Resolves when the server has ended. */
  watchServer(input: ServerInput): Promise<ServerEnd>;
  /** Resolves once the server is gone. */
  stopServer(input: ServerInput): Promise<void>;
  /** Asks the model as the rollouts will ask it. Fails for good with what is wrong with it, as `endpoint_…`. */
  runCanary(input: AddressInput): Promise<CanaryReport[]>;
  /** Puts the rollouts on the ledger, asked of the model at this address. */
  planRollouts(input: AddressInput): Promise<PlannedCampaign>;
  /** Writes predictions and has the benchmark's grader judge them; null where the file asks for none. */
  gradeEvaluation(input: EvaluationInput): Promise<ArtifactRef | null>;
  /** Puts the record of the evaluation into the store and on the ledger, and writes its report. */
  finishEvaluation(input: FinishEvaluationInput): Promise<EvaluationResult>;
  /** The result of an evaluation that was finished before. */
  finishedEvaluation(input: EvaluationInput & { record: ArtifactRef }): Promise<EvaluationResult>;
}
