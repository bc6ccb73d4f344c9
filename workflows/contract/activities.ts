import type {
  CampaignEndInput,
  CampaignKey,
  DecisionInput,
  GatedOutInput,
  GateInput,
  LostInput,
  PageInput,
  PlanInput,
  PreparationInput,
  PullRequestEndInput,
  PullRequestKey,
  ReconcileInput,
  ReleaseInput,
  RolloutInput,
  ScanInput,
  UnverifiedInput,
  VerificationInput,
} from '../../schemas/activity-inputs.ts';
import type { PlannedTask } from '../../schemas/campaign-plan.ts';
import type { PlannedCampaign } from '../../schemas/campaign-start.ts';
import type { GateResult } from '../../schemas/gate-result.ts';
import type { PreparedImage } from '../../schemas/prepared-image.ts';
import type { PullRequestOutcome } from '../../schemas/pull-request.ts';
import type { ReleaseResult } from '../../schemas/release-result.ts';
import type { RolloutResult } from '../../schemas/rollout-result.ts';
import type { RowFate } from '../../schemas/row-fate.ts';
import type { ScanResult } from '../../schemas/scan-result.ts';
import type { VerificationResult } from '../../schemas/verification-result.ts';
import type { EvaluationActivities } from './evaluation-activities.ts';
import type { HostWork } from './ids.ts';
import type { JobActivities, TrainingActivities } from './training-activities.ts';

/** What comes next in a campaign, and who does it. */
export interface PlanningActivities {
  /**
   * Reads everything that a campaign file names into a plan, puts the plan into the store and everything planned on the
   * ledger. Doing it again changes nothing. Fails for good as bad_campaign, template_bad or mode_unsupported.
   */
  plan(input: PlanInput): Promise<PlannedCampaign>;
  loadPage(input: PageInput): Promise<PlannedTask[]>;
  /** The host of the worker that answers: a worker with room takes work from the shared queue. */
  acquireHost(): Promise<{ host: string }>;
  /** Whether a worker still takes work for a host. */
  isServed(input: { host: string }): Promise<boolean>;
  /** Whether a campaign runs, paused or not; a pull request that waits for it asks. */
  isCampaignRunning(input: CampaignKey): Promise<boolean>;
  /** Outcomes of those pull requests that are not running any more, however they ended. */
  reconcile(input: ReconcileInput): Promise<PullRequestOutcome[]>;
}

/** Records how pull requests and campaigns ended. */
export interface LedgerActivities {
  recordPullRequest(input: PullRequestEndInput): Promise<void>;
  recordCampaignEnd(input: CampaignEndInput): Promise<void>;
}

/** The task's clean image, and removing its containers. */
export interface SandboxActivities {
  prepare(input: PreparationInput): Promise<PreparedImage>;
  /** Removes what containers a cancelled or failed pull request left behind. */
  cleanUp(input: PullRequestKey): Promise<void>;
}

/** One rollout, from its first turn or from where an earlier attempt left its journal. */
export interface RolloutActivities {
  rollout(input: RolloutInput): Promise<RolloutResult>;
}

/** Test runs in containers that no agent touched. */
export interface VerificationActivities {
  gate(input: GateInput): Promise<GateResult>;
  verify(input: VerificationInput): Promise<VerificationResult>;
}

/** What is put on record when no test ran. */
export interface UnverifiedActivities {
  /** The verdict -1 of a patch that infrastructure kept from being tested. */
  recordUnverified(input: UnverifiedInput): Promise<VerificationResult>;
}

/** Looking through finished rollouts for findings. Keeps a core busy. */
export interface ScanningActivities {
  scan(input: ScanInput): Promise<ScanResult>;
}

/** Deciding on a finished rollout, and putting every planned one on the ledger whatever became of it. */
export interface FilteringActivities {
  /** Every filter's decision on a row, and its place on the ledger. Keeps a core busy. */
  decide(input: DecisionInput): Promise<RowFate>;
  /** A rollout that infrastructure kept from ending, after every retry. */
  recordLost(input: LostInput): Promise<void>;
  recordGatedOut(input: GatedOutInput): Promise<void>;
}

/** Starting what builds releases. */
export interface ReleaseWorkerActivities {
  /** Starts the process that takes them from the release queue, on the host of the worker that answers. */
  startReleaseWorker(): Promise<void>;
}

/** Waiting by retries. */
export interface ReleaseWatchActivities {
  /** Fails with `release_running` until the release's workflow has ended, however it did. */
  awaitReleaseEnd(input: ReleaseInput): Promise<void>;
}

/** Building a dataset version: minutes to hours, with a heartbeat. */
export interface DatasetActivities {
  buildRelease(input: ReleaseInput): Promise<ReleaseResult>;
}

/** Store, ledger and server look-ups that any worker of the store may do. */
export type ShortActivities = PlanningActivities &
  LedgerActivities &
  UnverifiedActivities &
  ScanningActivities &
  FilteringActivities &
  ReleaseWorkerActivities;

/** Activities bound to the containers and journals of one host, by the queue that its worker takes them from. */
export interface HostActivities extends Record<HostWork, object> {
  rollouts: RolloutActivities;
  preparation: SandboxActivities;
  tests: VerificationActivities;
  evaluations: EvaluationActivities;
  jobs: JobActivities & TrainingActivities;
}
