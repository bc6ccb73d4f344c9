import type { ActionResult, JournalEntryOf } from '../../schemas/journal-entry.ts';
import type { AssistantMessage, Message, ToolDefinition } from '../../schemas/message.ts';
import type { Ending } from '../../schemas/trajectory.ts';
import type { Reply } from '../../schemas/turn.ts';
import type { EditRequest, ShellAction } from '../sandbox/index.ts';
import type { Assignment } from './assignment.ts';
import type { Say } from './templates/render.ts';

/** An edit with its arguments as the model gave them: what the journal knows it by. */
export interface EditAction extends EditRequest {
  arguments: Record<string, unknown>;
}

/** A carried out action under its number. */
export interface Performed {
  action: number;
  result: ActionResult;
}

/** All that an agent can reach of the world. The implementation numbers, journals and replays. */
export interface Hands {
  shell(action: ShellAction): Promise<Performed>;
  edit(action: EditAction): Promise<Performed>;
}

/** What the rollout has paid for so far. */
export interface Spent {
  exchanges: number;
  cost_usd: number;
}

/**
 * What an agent makes of one reply. `errors` are codes for what it could not execute; for a call that is malformed one of
 * `unknown_tool`, `invalid_command`, `invalid_json`, `missing_arg`, `unexpected_arg` and `incorrect_args`, which filters know.
 */
export type TurnOutcome =
  /** The messages enter the history and the next turn begins. */
  | { kind: 'next'; messages: Message[]; errors: string[] }
  /** The same turn once more; `hints` follow the history in that request only, null leaves the last ones. */
  | { kind: 'again'; hints: Message[] | null; errors: string[] }
  | { kind: 'end'; messages: Message[]; errors: string[]; ending: Ending };

export type ModelEnded = Pick<JournalEntryOf<'model_ended'>, 'kind' | 'detail'>;

/**
 * One rollout as the turn loop plays it. Deterministic: given the same replies and results it asks for the same, since a
 * rollout is resumed by running the same code over its journal. So no clock, no randomness, no I/O.
 */
export interface AgentRun {
  readonly opening: Message[];
  /** Asked before each request; an ending stops the rollout before the request is paid. */
  limitReached(spent: Spent): Ending | null;
  answer(reply: Reply, hands: Hands): Promise<TurnOutcome>;
  modelEnded(ended: ModelEnded): Ending;
  /** The final ending and the patch that counts, given the work tree's change. */
  close(ending: Ending, patch: string): { ending: Ending; model_patch: string };
}

export interface AgentSetup<Settings> {
  assignment: Assignment;
  settings: Settings;
  say: Say;
  /** Whether the templates have a text of that name. */
  has: (text: string) => boolean;
}

/** What the turn loop plays: tools, and how a reply becomes actions, messages or an ending. */
export interface Agent<Settings> {
  tools(say: Say): ToolDefinition[];
  begin(setup: AgentSetup<Settings>): AgentRun;
}

/** The message that a reply is in the history. */
export function assistantMessage(reply: Reply): AssistantMessage {
  return {
    role: 'assistant',
    content: reply.content,
    ...(reply.reasoning_content === undefined ? {} : { reasoning_content: reply.reasoning_content }),
    ...(reply.tool_calls.length === 0 ? {} : { tool_calls: reply.tool_calls }),
  };
}
