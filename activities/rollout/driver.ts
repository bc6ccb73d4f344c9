import type { HarnessSettings } from '../../schemas/campaign.ts';
import type { Message, ToolDefinition } from '../../schemas/message.ts';
import type { HarnessTemplates } from '../../schemas/templates.ts';
import type { Ending, TurnFacts } from '../../schemas/trajectory.ts';
import type { Usage } from '../../schemas/turn.ts';
import type { Journal } from '../journal/journal.ts';
import type { ModelSession } from '../model/contract.ts';
import type { Hands } from './agent.ts';
import type { Assignment } from './assignment.ts';

/** What a watcher sees of a rollout under way. */
export interface RolloutProgress {
  /** The turn in work, from 0. */
  turn: number;
  exchanges: number;
  prompt_tokens: number;
  completion_tokens: number;
  cost_usd: number;
  state: 'model' | 'tool' | 'patch';
  /** Number of the latest action, -1 before the first. */
  lastAction: number;
}

/** The rollout's container, by numbered actions: one that the journal holds is answered from there and not carried out again. */
export interface SandboxHands {
  /** Number of the latest action, -1 before the first. */
  readonly lastAction: number;
  /** The hands as an agent has them in one turn. */
  during(turn: number): Hands;
}

/** All that a driver has to work with. The driver closes none of it. */
export interface DriverSetup {
  assignment: Assignment;
  /** As the campaign's plan holds them. */
  settings: HarnessSettings;
  templates: HarnessTemplates;
  session: ModelSession;
  hands: SandboxHands;
  /** For what is neither an exchange nor an action: session and hands write those themselves. */
  journal: Journal;
  /** Ends the attempt, not the rollout. */
  signal: AbortSignal;
  /** Called often; must be cheap and must not throw. */
  onProgress: (progress: RolloutProgress) => void;
}

/** A rollout that has ended, but for its patch. */
export interface Played {
  /** What the model was offered. */
  tools: ToolDefinition[];
  messages: Message[];
  /** One a turn, in order. */
  turns: TurnFacts[];
  ending: Ending;
  usage: Usage;
  cost_usd: number;
  /** The final ending and the patch that counts, given the change of the work tree. */
  close(patch: string): { ending: Ending; model_patch: string };
}

/**
 * Takes a rollout from its first request to its ending: the seam between what keeps a rollout (journal, container, patch,
 * attempts) and what plays it. The turn loop over an agent of our own is one driver; an upstream package run as it is, in
 * a container of its own, is another. Each keeps to this contract:
 *
 * - **The journal is the state.** A driver is called again after any crash, with the same setup and the journal as it
 *   was, and comes to the same requests and actions in the same order from number 0 on. It keeps nothing elsewhere that it
 *   needs then. So no clock, no randomness and no reading of files in what it asks and does. Where a package cannot be made to repeat
 *   itself, it is started again and fed from the journal until it asks for what the journal does not hold.
 * - **At most once.** Every model call goes through `session` and every action through `hands`, one at a time, each
 *   exchange and action under the next number. Both answer from the journal what is in it, and write down what is not
 *   before the driver sees it: nothing is paid or done twice. A request or action that is not the one journalled under
 *   its number is refused (`request_diverged`, `journal_diverged`).
 * - **The model is behind the session.** A driver holds no address and no key. A package in a container reaches the same
 *   session over HTTP on a socket of its own; its requests get numbers in the order in which they come.
 * - **Endings are values, infrastructure throws.** Whatever a model does, limits and refusals included, is an `ending`.
 *   A refusal is journalled as `model_ended`, so that it is asked for only once. What is thrown is a `Problem`,
 *   `SandboxGone`, or the signal's reason, and the attempt is over: after an abort the driver starts nothing more.
 */
export type Driver = (setup: DriverSetup) => Promise<Played>;
